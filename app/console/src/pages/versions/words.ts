import type { Spoken } from '../../words';

const en = {
  title: 'Versions',
  none: 'No version is in your view. Whoever administers the policies can give you the right to read them.',
  number: 'Version',
  status: 'Status',
  note: 'Why it was made',
  activatedAt: 'In force since',
  changedAt: 'Last changed',
  author: 'Written by',
  statuses: {
    DRAFT: 'Draft', SUBMITTED: 'Submitted', APPROVED: 'Approved', REJECTED: 'Rejected', ACTIVE: 'Active', RETIRED: 'Retired',
  } as Record<string, string>,
  one: 'Version {number}',
  back: 'All versions',
  withheld: 'Its documents are not in your view.',
  files: 'Documents',
  tests: 'Tests',
};

export const words: Spoken<typeof en> = {
  en,
  'zh-CN': {
    title: '版本',
    none: '没有您可以查看的版本。策略管理员可以授予您查看权限。',
    number: '版本',
    status: '状态',
    note: '制定原因',
    activatedAt: '生效时间',
    changedAt: '最后修改',
    author: '作者',
    statuses: {
      DRAFT: '草稿', SUBMITTED: '已提交', APPROVED: '已批准', REJECTED: '已驳回', ACTIVE: '生效中', RETIRED: '已停用',
    } as Record<string, string>,
    one: '版本 {number}',
    back: '所有版本',
    withheld: '您无权查看其文件。',
    files: '文件',
    tests: '测试',
  },
};
