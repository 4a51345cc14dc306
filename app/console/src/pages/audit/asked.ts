/** Which events are looked for: as the address says. */
import type { AuditEventWhere } from '../../generated/graphql';
import { graphql } from '../../graph';
import { useAddress, type Chosen } from '../../parts/address';

export const Events = graphql(`
  query Events($where: AuditEventWhere, $first: Int, $after: String, $last: Int, $before: String) {
    auditEvents(where: $where, first: $first, after: $after, last: $last, before: $before, orderBy: [{ field: SEQ, direction: DESC }]) {
      totalCount
      nodes { id seq at kind subject details client requestId hash user { id displayName } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

/** A moment of the address, which is written in local time. */
const moment = (text: string) => new Date(text).toISOString();

function where({ kind, actor, from, until, subject }: Chosen): AuditEventWhere {
  return {
    ...(kind && { kind: { eq: kind } }),
    ...(actor && { user: { eq: actor } }),
    ...(subject && { subject: { eq: subject } }),
    ...((from || until) && { at: { ...(from && { gte: moment(from) }), ...(until && { lt: moment(until) }) } }),
  };
}

export function useWhere(): AuditEventWhere {
  return where(useAddress()[0]);
}
