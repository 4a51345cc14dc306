/** Who sees a row, or a field of it, or saw it at a moment: of those as whom the asker may look. */
import { useState, type ReactNode } from 'react';

import { graphql } from '../../graph';
import { useAddress } from '../../parts/address';
import { Asked } from '../../parts/asked';
import { useRoles } from '../../parts/roles';
import { said, useSpoken, useWords } from '../../words';
import { useTypeName } from '../../words/types';
import { Sign } from './signs';
import { words as spoken } from './words';

const Seeing = graphql(`
  query Seeing($id: ID!, $field: String, $after: String) {
    whoCanSee(id: $id, field: $field, first: 50, after: $after) { nodes { id name state roles } endCursor }
  }
`);
const Saw = graphql(`
  query Saw($id: ID!, $field: String, $at: DateTime!, $after: String) {
    accessAt(id: $id, field: $field, at: $at, first: 50, after: $after) { version gaps nodes { id name state roles } endCursor }
  }
`);

interface Viewer { id: string; name?: string | null; state: string; roles: readonly string[] }
interface Told { nodes: readonly Viewer[]; endCursor?: string | null }
interface Page { id: string; field: string | null; after: string | null; isLast: boolean; onMore(after: string): void }

function List({ told, isLast, onMore }: Pick<Page, 'isLast' | 'onMore'> & { told: Told | null | undefined }) {
  const words = useSpoken(spoken);
  const { apart } = useWords();
  const { name } = useRoles();
  return (
    <>
      {told?.nodes.length === 0 && <p className="quiet">{words.nobody}</p>}
      <ul className="viewers">
        {told?.nodes.map((each) => (
          <li key={each.id}>
            {each.name ?? '?'} {each.state === 'MASKED' && <Sign how="masked" />} <span className="quiet">{said(words.through, { roles: each.roles.map(name).join(apart) })}</span>
          </li>
        ))}
      </ul>
      {isLast && told?.endCursor && <button type="button" onClick={() => onMore(told.endCursor!)}>{words.lookFurther}</button>}
    </>
  );
}

function Now({ id, field, after, ...page }: Page) {
  return <Asked query={Seeing} variables={{ id, field, after }}>{({ whoCanSee }) => <List told={whoCanSee} {...page} />}</Asked>;
}

function Then({ id, field, after, at, ...page }: Page & { at: string }) {
  const words = useSpoken(spoken);
  const typeName = useTypeName();
  return (
    <Asked query={Saw} variables={{ id, field, after, at: new Date(at).toISOString() }}>
      {({ accessAt: told }) => {
        if (!told) return <p>{words.noExplanation}</p>;
        if (told.version === null) return <p>{words.noPolicy}</p>;
        if (told.gaps.length > 0) return <p>{said(words.gaps, { types: told.gaps.map(typeName).join(', ') })}</p>;
        return (
          <>
            {after === null && <p className="quiet">{said(words.byThen, { number: told.version ?? '' })}</p>}
            <List told={told} {...page} />
          </>
        );
      }}
    </Asked>
  );
}

/** Pages that are looked through, one after another. */
function Through({ children }: { children(page: Pick<Page, 'after' | 'isLast' | 'onMore'>): ReactNode }) {
  const [pages, setPages] = useState<readonly (string | null)[]>([null]);
  return pages.map((after, at) => (
    <div key={after ?? ''}>{children({ after, isLast: at === pages.length - 1, onMore: (next) => setPages([...pages, next]) })}</div>
  ));
}

export function Viewers({ id, field }: { id: string; field: string | undefined }) {
  const words = useSpoken(spoken);
  const [{ at }, change] = useAddress();
  const [isAsked, setAsked] = useState(Boolean(at));
  const of = { id, field: field ?? null };
  return (
    <section>
      <h3>{words.whoElse}</h3>
      <div className="filters">
        <label>
          {words.moment}
          <input type="datetime-local" step={1} value={at ?? ''} onChange={(event) => { setAsked(true); change({ at: event.target.value }, { replace: true }); }} />
        </label>
        {!isAsked && <button type="button" onClick={() => setAsked(true)}>{words.whoElse}</button>}
      </div>
      {isAsked && <Through key={at ?? ''}>{(page) => at ? <Then {...of} {...page} at={at} /> : <Now {...of} {...page} />}</Through>}
    </section>
  );
}
