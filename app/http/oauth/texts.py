"""What the pages say, in English and Simplified Chinese."""

from __future__ import annotations

from collections.abc import Mapping

from app.services.messages.languages import CHINESE, ENGLISH

Texts = Mapping[str, str]

PAGES: Mapping[str, Mapping[str, Texts]] = {
    ENGLISH: {
        "sign_in": {
            "title": "Sign in",
            "email": "E-mail address",
            "password": "Password",
            "go": "Sign in",
            "wrong": "E-mail address and password do not go together, or too many wrong ones were given. Try again in a while.",
            "with": "Sign in with {name}",
            "elsewhere": "Other ways to sign in",
        },
        "consent": {
            "title": "Allow access?",
            "asks": "{client} asks to act for you, {user}:",
            "allow": "Allow",
            "deny": "Do not allow",
            "where": "You will be sent to",
        },
        "sign_out": {"title": "Sign out", "sure": "You will have to sign in again in this browser.", "go": "Sign out"},
        "signed_in": {"title": "You are signed in", "text": "You can close this page, or go on where you came from."},
        "signed_out": {"title": "You are signed out", "text": "You can close this page."},
        "refused": {"title": "This cannot be answered", "text": "Go back to where you came from, and try again."},
        "busy": {"title": "Too many sign in just now", "text": "Go back, and try again in a while."},
        "provider_refused": {
            "title": "You are not signed in",
            "text": "Signing in did not come to an end as it began. Begin again, in this browser.",
            "again": "Sign in",
        },
        "provider_away": {
            "title": "You are not signed in",
            "text": "The service that says who you are cannot be reached now. Try again in a while.",
            "again": "Sign in",
        },
        "not_linked": {
            "title": "You are not signed in",
            "text": "Nobody here may sign in as who you are there. Ask an administrator.",
            "subject": "There you are known as",
            "again": "Sign in as somebody else",
        },
    },
    CHINESE: {
        "sign_in": {
            "title": "登录",
            "email": "电子邮件地址",
            "password": "密码",
            "go": "登录",
            "wrong": "电子邮件地址与密码不匹配，或错误次数过多。请稍后再试。",
            "with": "使用 {name} 登录",
            "elsewhere": "其他登录方式",
        },
        "consent": {
            "title": "是否允许访问？",
            "asks": "{client} 请求代表您（{user}）执行操作：",
            "allow": "允许",
            "deny": "不允许",
            "where": "您将被转到",
        },
        "sign_out": {"title": "退出登录", "sure": "此后您需要在此浏览器中重新登录。", "go": "退出登录"},
        "signed_in": {"title": "您已登录", "text": "您可以关闭此页面，或返回之前的应用。"},
        "signed_out": {"title": "您已退出登录", "text": "您可以关闭此页面。"},
        "refused": {"title": "无法处理此请求", "text": "请返回之前的应用并重试。"},
        "busy": {"title": "当前登录人数过多", "text": "请返回并稍后再试。"},
        "provider_refused": {
            "title": "未能登录",
            "text": "登录过程未按开始时的方式完成。请在此浏览器中重新开始。",
            "again": "登录",
        },
        "provider_away": {
            "title": "未能登录",
            "text": "目前无法连接确认您身份的服务。请稍后再试。",
            "again": "登录",
        },
        "not_linked": {
            "title": "未能登录",
            "text": "您在该服务中的身份在此处无权登录。请联系管理员。",
            "subject": "您在该服务中的标识为",
            "again": "以其他身份登录",
        },
    },
}

SCOPES: Mapping[str, Texts] = {
    ENGLISH: {
        "openid": "know that it is you",
        "profile": "know your name, language and time zone",
        "email": "know your e-mail address",
        "offline_access": "do so while you are away",
        "graph": "see and do all that you may",
    },
    CHINESE: {
        "openid": "确认您的身份",
        "profile": "获知您的姓名、语言和时区",
        "email": "获知您的电子邮件地址",
        "offline_access": "在您离开时继续访问",
        "graph": "查看和执行您有权进行的一切操作",
    },
}
"""What a scope is to a user; one of the policy's is told by its name."""
