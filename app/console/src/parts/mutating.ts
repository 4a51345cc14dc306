/** What a page does through the graph, and what stood in the way. */
import { useCallback, useState } from 'react';
import { useClient, type AnyVariables, type TypedDocumentNode } from 'urql';

export interface Refusal {
  code: string;
  field?: readonly string[] | null;
  message: string;
  params?: unknown;
}

interface Standing {
  busy: boolean;
  refusals: readonly Refusal[];
  failure: Error | null;
}

export interface Payload {
  userErrors: readonly Refusal[];
}

const CALM: Standing = { busy: false, refusals: [], failure: null };

/** A mutation, whose field is called `done`. */
export type Mutation<Of extends Payload, Variables extends AnyVariables> = TypedDocumentNode<{ done?: Of | null }, Variables>;

/**
 * `run` gives the payload of a mutation, with its refusals in it; null where no whole answer came.
 * `stays`: what stood in the way is told until the next answer.
 */
export function useMutating({ stays = false } = {}) {
  const client = useClient();
  const [standing, setStanding] = useState(CALM);
  const clear = useCallback(() => setStanding(CALM), []);
  const run = useCallback(
    async <Of extends Payload, Variables extends AnyVariables>(mutation: Mutation<Of, Variables>, variables: Variables): Promise<Of | null> => {
      setStanding((before) => ({ ...(stays ? before : CALM), busy: true }));
      const { data, error } = await client.mutation(mutation, variables).toPromise();
      const payload = (!error && data?.done) || null;
      setStanding({ busy: false, refusals: payload?.userErrors ?? [], failure: error ?? null });
      return payload;
    },
    [client, stays],
  );
  return { ...standing, run, clear };
}

/** Whether somebody else changed the same meanwhile. */
export function isConflict(payload: Payload): boolean {
  return payload.userErrors.some(({ code, field }) => code === 'CONFLICT' && field?.[0] === 'expectedVersion');
}
