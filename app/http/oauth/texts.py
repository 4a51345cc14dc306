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
    },
    CHINESE: {
        "sign_in": {
            "title": "登录",
            "email": "电子邮件地址",
            "password": "密码",
            "go": "登录",
            "wrong": "电子邮件地址与密码不匹配，或错误次数过多。请稍后再试。",
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
