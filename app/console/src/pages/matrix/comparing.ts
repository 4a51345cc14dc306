/** Two roles, or two versions, side by side; and only what differs of them. */
import { useEffect, useMemo } from 'react';
import { useQuery } from 'urql';

import { graphql } from '../../graph';
import { useAddress } from '../../parts/address';
import type { Terms } from '../../parts/terms';
import { cellOf, same } from './grid';
import type { Store } from './lines';
import type { OfRole } from './matrix';
import type { Row } from './rows';

const Changed = graphql(`query ChangedRoles($a: Int!, $b: Int!) { policyDiff(a: $a, b: $b) { role } }`);

interface Given {
  terms: Terms;
  version: number;
  roles: readonly OfRole[];
  shown: readonly OfRole[];
  rows: readonly Row[];
  store: Store | null;
  told: number;
}

export function useComparing({ terms, version, roles, shown, rows, store, told }: Given) {
  const [{ a, b, against, only }] = useAddress();
  const pair = a && b ? [a, b].map((code) => roles.find((each) => each.code === code)) : [];
  const [one, other] = pair;
  const [{ data }] = useQuery({ query: Changed, variables: { a: Number(against), b: version }, pause: !against || !only });

  useEffect(() => {
    if (store && one && other && only) store.want([one.code, other.code], 0, 2, terms.types.map(({ name }) => name));
  }, [store, one, other, only, terms]);

  return useMemo(() => {
    if (one && other) {
      const all = { rows, roles: [one, other], waiting: false };
      if (!only || !store) return all;
      const differing = rows.filter(({ type, field }) => field && differ(store, one.code, other.code, type, field));
      return { ...all, rows: withTypes(rows, new Set(differing)), waiting: terms.types.some(({ name }) => !store.line(one.code, name)) };
    }
    if (against && only && data?.policyDiff) {
      const affected = including(roles, new Set(data.policyDiff.map(({ role }) => role)));
      return { rows, roles: shown.filter(({ code }) => affected.has(code)), waiting: false };
    }
    return { rows, roles: shown, waiting: false };
  }, [rows, shown, roles, one, other, only, against, data, store, told, terms]);
}

function differ(store: Store, one: string, other: string, type: string, field: string): boolean {
  const [a, b] = [cellOf(store, one, type, field), cellOf(store, other, type, field)];
  return a !== undefined && b !== undefined && !same(a, b);
}

/** Some fields, with the rows of their types. */
function withTypes(rows: readonly Row[], chosen: ReadonlySet<Row>): Row[] {
  const types = new Set([...chosen].map(({ type }) => type));
  return rows.filter((row) => (row.field ? chosen.has(row) : types.has(row.type)));
}

/** Roles, and those that have their rules, too. */
export function including(roles: readonly OfRole[], codes: ReadonlySet<string>): Set<string> {
  const found = new Set(codes);
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const { code, includes } of roles) if (includes.some((each) => found.has(each))) found.add(code);
  }
  return found;
}
