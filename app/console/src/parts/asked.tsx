/** What a page asks of the graph, and what it shows until the answer is there, or where none comes. */
import type { ReactNode } from 'react';
import { useQuery, type AnyVariables, type OperationContext, type TypedDocumentNode } from 'urql';

import { Failed, Loading } from './states';

interface Asking<Data, Variables extends AnyVariables> {
  query: TypedDocumentNode<Data, Variables>;
  variables: Variables;
  /** How it is asked; the same object each time. */
  context?: Partial<OperationContext>;
  /** Asks anew whenever it is drawn, whatever was told before. */
  fresh?: boolean;
  /** Draws the answer; `again` asks anew. */
  children(data: Data, again: () => void): ReactNode;
}

/** Asks, and draws the answer. What was drawn stays while it is asked again. */
export function Asked<Data, Variables extends AnyVariables>({ query, variables, context, fresh = false, children }: Asking<Data, Variables>) {
  const [{ data, error, fetching }, ask] = useQuery({ query, variables, requestPolicy: fresh ? 'cache-and-network' : 'cache-first', ...(context && { context }) });
  const again = () => ask({ requestPolicy: 'network-only' });
  return (
    <>
      {error && <Failed error={error} again={again} />}
      {fetching && !data && <Loading />}
      {data && children(data, again)}
    </>
  );
}
