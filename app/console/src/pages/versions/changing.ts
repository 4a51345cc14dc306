/** A draft changed piece by piece: never over what somebody else did meanwhile, and each change can be taken back. */
import { useCallback, useState, useSyncExternalStore } from 'react';
import { useClient } from 'urql';

import type { PolicyDraftFileSetInput, TheirsQuery, VersionDocumentsQuery } from '../../generated/graphql';
import { isConflict, useMutating, type Mutation, type Payload } from '../../parts/mutating';
import { merged } from '../../parts/lines';
import { Documents, FileSet, TestsSet, Theirs } from './asking';

interface Changed extends Payload { policyVersion?: { version?: number | null } | null }

type Held = NonNullable<VersionDocumentsQuery['policy']>;
export type Others = TheirsQuery;

interface Text {
  of: 'files' | 'tests';
  name: string;
  before: string | null;
  after: string | null;
}

/** By the id of a draft, what was changed here, the last one last. */
const stacks = new Map<string, readonly (readonly Text[])[]>();
const listeners = new Set<() => void>();
const NOTHING: readonly (readonly Text[])[] = [];

function store(id: string, entries: readonly (readonly Text[])[]) {
  stacks.set(id, entries);
  for (const each of listeners) each();
}

function listen(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function changedTexts(before: Held, after: Held): Text[] {
  return (['files', 'tests'] as const).flatMap((of) => {
    const text = (held: Held, name: string) => held[of].find((each) => each.name === name)?.text ?? null;
    const names = [...new Set([...before[of], ...after[of]].map(({ name }) => name))];
    return names
      .map((name) => ({ of, name, before: text(before, name), after: text(after, name) }))
      .filter((each) => each.before !== each.after);
  });
}

export interface Draft {
  id: string;
  number: number;
}

export function useChanging({ id, number }: Draft) {
  const client = useClient();
  const doing = useMutating();
  const [others, setOthers] = useState<Others | null>(null);
  const entries = useSyncExternalStore(listen, () => stacks.get(id) ?? NOTHING);

  const held = useCallback(async () => {
    const asked = client.query(Documents, { number }, { requestPolicy: 'network-only' });
    return (await asked.toPromise()).data?.policy ?? null;
  }, [client, number]);

  /** Does it, if the draft still is what it was in that state; else tells in `others` what became of it. */
  async function change<Input>(mutation: Mutation<Changed, { input: Input }>, input: Input, state: number | null, codes: string[] | null = null) {
    const before = await held();
    const payload = await doing.run(mutation, { input: { ...input, id, expectedVersion: state } });
    if (payload && isConflict(payload)) {
      const found = await client.query(Theirs, { number, codes }, { requestPolicy: 'network-only' }).toPromise();
      doing.clear();
      setOthers(found.data ?? null);
      return null;
    }
    if (!payload || payload.userErrors.length > 0) return null;
    const after = await held();
    if (before && after) store(id, [...entries, changedTexts(before, after)].slice(-50));
    setOthers(null);
    return payload.policyVersion?.version ?? 0;
  }

  /** Takes back what was changed last; what somebody else changed besides stays. */
  async function undo() {
    const [last, now] = [entries.at(-1), await held()];
    if (!last || !now) return;
    for (const { of, name, before, after } of last) {
      const is = now[of].find((each) => each.name === name)?.text ?? null;
      const text = is === after ? before : merged(after ?? '', before ?? '', is ?? '').text;
      const input: PolicyDraftFileSetInput = { id, name, text };
      const payload = await doing.run(of === 'files' ? FileSet : TestsSet as unknown as typeof FileSet, { input });
      if (!payload || payload.userErrors.length > 0) return;
    }
    store(id, entries.slice(0, -1));
  }

  return { ...doing, others, settle: () => setOthers(null), change, undo, canUndo: entries.length > 0 };
}
