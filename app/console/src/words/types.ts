/** What the types of the graph are called. */
import { useLanguage, type Spoken } from '.';
import { spelled } from '../parts/labels';

const types: Spoken<Record<string, string>> = {
  en: { DataQualityIssue: 'Data quality issue', AuditEvent: 'Audit event', CampaignMember: 'Campaign membership' },
  'zh-CN': {
    Address: '地址', AuditEvent: '审计事件', Campaign: '营销活动', CampaignMember: '活动成员', Consent: '同意', Contact: '联系人', ContactPoint: '联系方式',
    Contract: '合同', CurrencyRate: '汇率', Customer: '客户', CustomerRelation: '客户关系', CustomerScore: '客户评分', DataQualityIssue: '数据质量问题',
    Department: '部门', FieldDefinition: '字段定义', Interaction: '互动', Opportunity: '商机', Order: '订单', OrderLine: '订单行', PipelineStage: '销售阶段',
    PolicyVersion: '策略版本', Product: '产品', Quote: '报价', QuoteLine: '报价行', Region: '区域', Role: '角色', RoleAssignment: '角色分配',
    SalesTarget: '销售目标', Segment: '客户群', SegmentMember: '客户群成员', Survey: '问卷', SurveyResponse: '问卷答复', Task: '任务', Ticket: '工单',
    TicketMessage: '工单消息', User: '用户',
  },
};

/** What a type is called in the language that is spoken. */
export function useTypeName(): (type: string) => string {
  const { language } = useLanguage();
  return (type) => types[language][type] ?? spelled(type);
}
