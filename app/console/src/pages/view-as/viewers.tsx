/** Who sees a row, or a field of it: of those as whom the asker may look. */
import { useState } from 'react';

import { graphql } from '../../generated';
import { Asked } from '../../parts/asked';
import { useRoles } from '../../parts/roles';
import { said, useSpoken, useWords } from '../../words';
import { Sign } from './signs';
import { words as spoken } from './words';

const Seeing = graphql(`
  query Seeing($id: ID!, $field: String, $after: String) {
    whoCanSee(id: $id, field: $field, first: 50, after: $after) { nodes { id name state roles } endCursor }
  }
`);

interface Page { id: string; field: string | undefined; after: string | null; isLast: boolean; onMore(after: string): void }

function Viewing({ id, field, after, isLast, onMore }: Page) {
  const words = useSpoken(spoken);
  const { apart } = useWords();
  const { name } = useRoles();
  return (
    <Asked query={Seeing} variables={{ id, field: field ?? null, after }}>
      {({ whoCanSee }) => (
        <>
          {whoCanSee?.nodes.length === 0 && <p className="quiet">{words.nobody}</p>}
          <ul className="viewers">
            {whoCanSee?.nodes.map((each) => (
              <li key={each.id}>
                {each.name ?? '?'} {each.state === 'MASKED' && <Sign how="masked" />} <span className="quiet">{said(words.through, { roles: each.roles.map(name).join(apart) })}</span>
              </li>
            ))}
          </ul>
          {isLast && whoCanSee?.endCursor && <button type="button" onClick={() => onMore(whoCanSee.endCursor!)}>{words.lookFurther}</button>}
        </>
      )}
    </Asked>
  );
}

export function Viewers({ id, field }: { id: string; field: string | undefined }) {
  const words = useSpoken(spoken);
  const [pages, setPages] = useState<readonly (string | null)[] | null>(null);
  return (
    <section>
      <h3>{words.whoElse}</h3>
      {pages === null ? <button type="button" onClick={() => setPages([null])}>{words.whoElse}</button> : pages.map((after, at) => (
        <Viewing key={after ?? ''} id={id} field={field} after={after} isLast={at === pages.length - 1} onMore={(next) => setPages([...pages, next])} />
      ))}
    </section>
  );
}
