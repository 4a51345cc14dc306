import type { Spoken } from '.';

/** What places are called, where they are and where the way leads to them. */
export const places = {
  matrix: { en: 'Matrix', 'zh-CN': '权限矩阵' },
  viewAs: { en: 'View as', 'zh-CN': '模拟查看' },
  versions: { en: 'Versions', 'zh-CN': '版本' },
  people: { en: 'People', 'zh-CN': '人员' },
  clients: { en: 'Clients', 'zh-CN': '客户端' },
  audit: { en: 'Audit', 'zh-CN': '审计' },
} satisfies Record<string, Spoken<string>>;
