/** The customer as somebody sees it, by the policy of a version. */
import { stringifyDocument, useQuery, type CombinedError } from 'urql';

import { graphql, type ResultOf } from '../../graph';
import { Around } from './operation';
import { fitted, INTROSPECTION, type Told } from './schema';

const Simulated = graphql(`
  query Simulated($as: ID!, $operation: String!, $variables: JSON, $version: Int) {
    policySimulate(as: $as, operation: $operation, variables: $variables, version: $version)
  }
`);

export type Seen = ResultOf<typeof Around>;
interface Response<Data> { data?: Data | null; errors?: readonly { message: string; extensions?: { code?: string } }[] }

const WHOLE = stringifyDocument(Around);

export interface Look {
  /** What is seen; undefined until it is told. */
  seen?: Seen | undefined;
  /** Whether the schema holds only what the person can ever see. */
  tailored: boolean;
  error?: CombinedError | Error | undefined;
  again(): void;
}

/** Asks as somebody, once; where that person's schema lacks some of what is asked, once more for what it holds. */
export function useLook(as: string | undefined, id: string | undefined, rows: number, version: number | undefined): Look {
  const pause = !as || !id;
  const asked = { as: as ?? '', version: version ?? null };
  const variables = { id, rows };
  const [whole, again] = useQuery({ query: Simulated, variables: { ...asked, operation: WHOLE, variables }, pause });
  const first = whole.data?.policySimulate as Response<Seen> | null | undefined;
  const lacks = Boolean(first?.errors?.some((each) => each.extensions?.code === 'BAD_USER_INPUT'));
  const [told] = useQuery({ query: Simulated, variables: { ...asked, operation: INTROSPECTION }, pause: pause || !lacks });
  const schema = (told.data?.policySimulate as Response<Told> | null | undefined)?.data;
  const operation = lacks && schema ? fitted(Around, schema) : null;
  const [part] = useQuery({ query: Simulated, variables: { ...asked, operation: operation ?? '', variables }, pause: pause || !operation });
  const second = part.data?.policySimulate as Response<Seen> | null | undefined;
  const found = lacks ? second : first;
  const failure = found?.errors?.[0] && !found.data ? new Error(found.errors[0].message) : undefined;
  return {
    seen: lacks && schema && operation === null ? { customer: null } : pause ? undefined : found?.data ?? undefined,
    tailored: lacks,
    error: whole.error ?? told.error ?? part.error ?? failure,
    again: () => again({ requestPolicy: 'network-only' }),
  };
}
