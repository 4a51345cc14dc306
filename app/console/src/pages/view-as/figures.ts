/** What the figures of an overview are called. */
import type { Spoken } from '../../words';

export const FIGURE_NAMES: Spoken<Record<string, string>> = {
  en: {},
  'zh-CN': {
    contacts: '联系人', interactions: '互动', openLeads: '进行中的线索', openOpportunities: '进行中的商机', wonOpportunities: '赢单', orders: '订单',
    activeContracts: '有效合同', openTickets: '未结工单', overdueTickets: '逾期工单', openTasks: '未完成任务', overdueTasks: '逾期任务', openPipeline: '进行中金额',
    wonAmount: '赢单金额', ordered: '订单金额', refunded: '退款金额', outstanding: '未付金额',
  },
};
