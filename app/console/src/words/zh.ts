import type { Words } from './en';

export const zh: Words = {
  language: '简体中文',
  title: 'Customer 360 · 权限策略',
  home: '权限策略',
  signIn: '登录',
  signInWhy: '在这里决定谁能看到什么。登录后可查看您有权查看的内容。',
  signOut: '退出',
  signedInAs: '已登录：{name}',
  loading: '请稍候…',
  failed: '操作未成功。',
  again: '重试',
  noPage: '没有这个页面。',
  main: '页面',
  theme: '颜色',
  themes: { auto: '跟随系统', light: '浅色', dark: '深色' },
  languages: '语言',
  skip: '跳到正文',
};
