/** All around a customer: asked once for oneself, and once as each person who is looked as. */
import { graphql } from '../../graph';

/** Rows of each list, the newest. */
export const ROWS = 10;

export const Around = graphql(`
  query Around($id: ID!, $rows: Int!) {
    customer(id: $id) {
      id displayName kind lifecycleStage tier email phone legalName givenName familyName birthDate taxId categoryPath industryCode employeeBand
      annualRevenue { amount currency } source locale timeZone lastInteractionAt firstOrderedAt legalHold createdAt
      owner { id displayName } department { id name } region { id name }
      access { masked withheld }
      overview {
        contacts interactions openLeads openOpportunities wonOpportunities orders activeContracts openTickets overdueTickets openTasks overdueTasks
        openPipeline { base } wonAmount { base } ordered { base } refunded { base } outstanding { base }
      }
      contacts(last: $rows) {
        totalCount
        nodes { id displayName jobTitle email phone role isPrimary birthDate owner { id displayName } access { masked withheld } }
      }
      interactions(last: $rows) {
        totalCount
        nodes { id subject kind channel direction occurredAt status body owner { id displayName } access { masked withheld } }
      }
      opportunities(last: $rows) {
        totalCount
        nodes { id name stageCode amount { amount currency } probabilityPct expectedCloseDate nextStep owner { id displayName } access { masked withheld } }
      }
      orders(last: $rows) {
        totalCount
        nodes { id number status paymentStatus orderedAt total { amount currency } discount { amount currency } refunded { amount currency } access { masked withheld } }
      }
      tickets(last: $rows) {
        totalCount
        nodes { id number subject status priority openedAt resolvedAt description rootCause owner { id displayName } access { masked withheld } }
      }
      campaignMemberships(last: $rows) {
        totalCount
        nodes { id campaign { id name } status statusAt variant unsubscribedAt access { masked withheld } }
      }
      timeline(first: $rows) {
        edges {
          at
          node {
            __typename
            ... on Interaction { id what: subject }
            ... on Order { id what: number }
            ... on Ticket { id what: subject }
            ... on Opportunity { id what: name }
            ... on Quote { id what: number }
            ... on Contract { id what: number }
            ... on CampaignMember { id campaign { name } }
            ... on SurveyResponse { id what: comment }
          }
        }
      }
    }
  }
`);

/** The lists, with the type of their rows; each row's first field says which it is. */
export const LISTS = {
  contacts: 'Contact', interactions: 'Interaction', opportunities: 'Opportunity', orders: 'Order', tickets: 'Ticket',
  campaignMemberships: 'CampaignMember',
} as const;
