/** All that somebody may see and do: of each type, whatever the record. */
import { useEffect, useRef } from 'react';
import { useQuery } from 'urql';

import { graphql, type ResultOf } from '../../graph';
import { useLabels } from '../../parts/labels';
import { useRoles } from '../../parts/roles';
import { Sheet } from '../../parts/sheet';
import { Failed, Loading } from '../../parts/states';
import { said, useSpoken, useWords } from '../../words';
import { useTypeName } from '../../words/types';
import { words as spoken } from './words';

const Access = graphql(`
  query Effective($as: ID!) {
    effectiveAccess(as: $as) {
      tailored minGroup
      resources { type everyRow fields { field state } rules { effect gives role when } actions { action always } }
    }
  }
`);
type Resource = NonNullable<ResultOf<typeof Access>['effectiveAccess']>['resources'][number];
const STATES = ['PLAIN', 'MASKED', null, 'WITHHELD'] as const;
const SIGNS = { PLAIN: '●', MASKED: '◐', WITHHELD: '○', null: '◇' } as const;

function Fields({ of }: { of: Resource }) {
  const words = useSpoken(spoken);
  const { apart } = useWords();
  const labels = useLabels([of.type]);
  return STATES.map((state) => {
    const found = of.fields.filter((each) => (each.state ?? null) === state);
    return found.length > 0 && (
      <div key={state} className="state"><b>{SIGNS[`${state}`]} {words.states[`${state}`]}</b> {found.map((each) => labels.field(of.type, each.field)).join(apart)}</div>
    );
  });
}

function Line({ of }: { of: Resource }) {
  const words = useSpoken(spoken);
  const { apart } = useWords();
  const typeName = useTypeName();
  const roles = useRoles();
  return (
    <tr>
      <th scope="row">{typeName(of.type)}</th>
      <td>{of.fields.length === 0 ? '–' : of.everyRow ? words.every : words.some}</td>
      <td>
        <Fields of={of} />
        {of.rules.length > 0 && (
          <details>
            <summary className="quiet">{words.rules}</summary>
            <ul>{of.rules.map((each, at) => <li key={at}>{roles.name(each.role)}: {each.gives} – {each.when}</li>)}</ul>
          </details>
        )}
      </td>
      <td>{of.actions.map((each) => `${words.acts[each.action] ?? each.action}${each.always ? '' : ` (${words.onSome})`}`).join(apart) || '–'}</td>
    </tr>
  );
}

/** `held`: what the roles are; where that changes, it is asked anew. */
export function Effective({ id, held }: { id: string; held: string }) {
  const words = useSpoken(spoken);
  const [{ data, error, fetching }, ask] = useQuery({ query: Access, variables: { as: id } });
  const before = useRef(held);
  useEffect(() => {
    if (before.current !== held) ask({ requestPolicy: 'network-only' });
    before.current = held;
  }, [held, ask]);
  const found = data?.effectiveAccess;
  const isRefused = error?.graphQLErrors.some((each) => each.extensions?.['code'] === 'NOT_FOUND');
  return (
    <section>
      <h2>{words.effective}</h2>
      <p className="quiet">{words.effectiveWhy} {found?.tailored && words.tailored} {found && found.minGroup > 1 && said(words.minGroup, { n: found.minGroup })}</p>
      {isRefused || (data && !found && !error) ? <p>{words.mayNot}</p> : error && <Failed error={error} again={() => ask({ requestPolicy: 'network-only' })} />}
      {fetching && !found && <Loading />}
      {found && (found.resources.length === 0 ? <p>{words.nothing}</p> : (
        <Sheet title={words.effective} heads={[words.type, words.rows, words.fields, words.actions]}>
          {found.resources.map((each) => <Line key={each.type} of={each} />)}
        </Sheet>
      ))}
    </section>
  );
}
