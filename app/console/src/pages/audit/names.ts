/** What is called what of which events tell the key alone. */
import { useQuery } from 'urql';

import { graphql } from '../../graph';

const Names = graphql(`query AuditNames($keys: [String!]!) { auditNames(keys: $keys) { key id type name } }`);
const KEY = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

interface Told { subject?: string | null; details?: unknown }

function* keys(events: readonly Told[]): Generator<string> {
  for (const { subject, details } of events) {
    const found = [subject, ...Object.values((details ?? {}) as Record<string, unknown>)];
    for (const each of found) if (typeof each === 'string' && KEY.test(each)) yield each;
  }
}

const MOST = 200;

export function useNames(events: readonly Told[]): (key: string) => string {
  const wanted = [...new Set(keys(events))].slice(0, MOST).sort();
  const [{ data }] = useQuery({ query: Names, variables: { keys: wanted }, pause: wanted.length === 0 });
  const found = new Map((data?.auditNames ?? []).map((each) => [each.key, each.name]));
  return (key) => found.get(key) ?? key;
}
