import type { Spoken } from '.';

/** What is said of what a version would change, wherever that is counted. */
const en = {
  back: 'Version {number}',
  none: 'There is no such version in your view, or you may not look as anybody. Whoever administers the policies can let you.',
  again: 'Count again',
  by: 'By',
  roles: 'Roles',
  type: 'Type of record',
  field: 'Field',
  gained: 'Records gained',
  lost: 'Records lost',
  more: 'Show {n} more',
};

export const weighed = {
  en,
  'zh-CN': {
    back: '版本 {number}',
    none: '没有您可以查看的此版本，或您不能模拟任何人。策略管理员可以授权。',
    again: '重新统计',
    by: '按',
    roles: '角色',
    type: '记录类型',
    field: '字段',
    gained: '新增可见记录',
    lost: '不再可见记录',
    more: '再显示 {n} 项',
  },
} satisfies Spoken<typeof en>;
