import type { Spoken } from '../../../words';

const en = {
  table: 'Table',
  newTable: 'New table, by name',
  run: 'Run the tests',
  running: 'Running …',
  pass: 'All {cases} cases are as expected.',
  failed: '{failed} of {cases} cases are not as expected.',
  noTable: 'This document cannot be read as a table. It can be mended as it is written, below.',
  people: 'Who asks:',
  columns: {
    as: 'Who', on: 'Type', row: 'Record', expect: 'Seen?', plain: 'Plain', masked: 'Masked', withheld: 'Withheld', may: 'May', mayNot: 'May not', because: 'Because',
  },
  line: 'Line',
  done: 'Take away',
  expectations: { visible: 'visible', hidden: 'hidden' } as Record<string, string>,
  states: { plain: 'plain', masked: 'masked', withheld: 'withheld', visible: 'visible', hidden: 'hidden', permitted: 'permitted', refused: 'refused' } as Record<string, string>,
  missed: '{who} was to find {what} {expected}, and finds it {got}.',
  why: 'Why?',
  unsent: 'Not saved yet: press Enter, or leave the line.',
  asItWas: 'As it was',
  unreadable: 'This line cannot be read. Records are written as “region: EMEA, owner: me”, lists with commas.',
  asWritten: 'As it is written',
  more: 'Show {n} more',
};

export const words: Spoken<typeof en> = {
  en,
  'zh-CN': {
    table: '测试表',
    newTable: '新建测试表（文件名）',
    run: '运行测试',
    running: '正在运行…',
    pass: '全部 {cases} 个用例均符合预期。',
    failed: '{cases} 个用例中有 {failed} 个不符合预期。',
    noTable: '此文件无法作为表格读取，可在下方原文中修正。',
    people: '访问者：',
    columns: {
      as: '访问者', on: '类型', row: '记录', expect: '是否可见', plain: '可见字段', masked: '脱敏字段', withheld: '隐藏字段', may: '可以', mayNot: '不可以', because: '说明',
    },
    line: '行',
    done: '移除',
    expectations: { visible: '可见', hidden: '不可见' },
    states: { plain: '可见', masked: '脱敏', withheld: '隐藏', visible: '可见', hidden: '不可见', permitted: '允许', refused: '拒绝' },
    missed: '{who} 对 {what} 的预期为“{expected}”，实际为“{got}”。',
    why: '原因',
    unsent: '尚未保存：按回车或离开此行即可保存。',
    asItWas: '恢复原样',
    unreadable: '此行无法读取。记录写作“region: EMEA, owner: me”，列表以逗号分隔。',
    asWritten: '原文',
    more: '再显示 {n} 项',
  },
};
