/** Everybody, by department, region and role. */
import { useState } from 'react';
import { Link } from 'wouter';

import type { UserWhere } from '../../generated/graphql';
import { graphql } from '../../graph';
import { useAddress, type Chosen } from '../../parts/address';
import { Asked } from '../../parts/asked';
import { Pages, usePage } from '../../parts/paging';
import { personPath } from '../../parts/person';
import { useRoles } from '../../parts/roles';
import { Sheet } from '../../parts/sheet';
import { counted, useLanguage, useSpoken } from '../../words';
import './style.css';
import { Places } from './tree';
import { words as spoken } from './words';

const People = graphql(`
  query People($where: UserWhere, $first: Int, $after: String, $last: Int, $before: String) {
    users(where: $where, first: $first, after: $after, last: $last, before: $before, orderBy: [{ field: DISPLAY_NAME }]) {
      totalCount
      nodes {
        id displayName email status department { id name } region { id name }
        roleAssignments(first: 10) { nodes { id role { id name } } }
      }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

const FIRST_PAGE = { after: undefined, before: undefined };

function where({ department, region, role, text }: Chosen): UserWhere {
  return {
    ...(department && { department: { path: { within: department } } }),
    ...(region && { region: { path: { within: region } } }),
    ...(role && { roleAssignments: { some: { role: { code: { eq: role } } } } }),
    ...(text && { OR: [{ displayName: { contains: text } }, { email: { contains: text } }] }),
  };
}

function Filters() {
  const words = useSpoken(spoken);
  const [{ role, text }, change] = useAddress();
  const [typed, setTyped] = useState<string | null>(null);
  const { all } = useRoles();
  const take = () => {
    if (typed !== null) change({ text: typed.trim(), ...FIRST_PAGE });
    setTyped(null);
  };
  return (
    <form className="filters" role="search" aria-label={words.title} onSubmit={(event) => { event.preventDefault(); take(); }}>
      <label>{words.search}<input type="search" value={typed ?? text ?? ''} onChange={(event) => setTyped(event.target.value)} onBlur={take} /></label>
      <label>
        {words.role}
        <select value={role ?? ''} onChange={(event) => change({ role: event.target.value, ...FIRST_PAGE })}>
          <option value="">{words.anyRole}</option>
          {all.map((each) => <option key={each.id} value={each.code}>{each.name}</option>)}
        </select>
      </label>
    </form>
  );
}

function Found() {
  const words = useSpoken(spoken);
  const { words: { apart }, language } = useLanguage();
  const [chosen] = useAddress();
  const page = usePage(50);
  return (
    <Asked query={People} variables={{ where: where(chosen), ...page }} fresh>
      {({ users }) => !users?.nodes.length ? <p>{words.none}</p> : (
        <>
          <p className="quiet" role="status">{counted(words.total, users.totalCount, language)}</p>
          <Sheet title={words.title} heads={[words.name, words.roles, words.department, words.region, words.email, words.status]}>
            {users.nodes.map((each) => (
              <tr key={each.id}>
                <th scope="row"><Link href={personPath(each.id)}>{each.displayName ?? each.email ?? '?'}</Link></th>
                <td>{[...new Set(each.roleAssignments.nodes.map(({ role }) => role?.name).filter(Boolean))].join(apart) || '–'}</td>
                <td>{each.department?.name ?? '–'}</td>
                <td>{each.region?.name ?? '–'}</td>
                <td>{each.email}</td>
                <td>{words.statuses[each.status ?? ''] ?? each.status}</td>
              </tr>
            ))}
          </Sheet>
          <Pages info={users.pageInfo} />
        </>
      )}
    </Asked>
  );
}

export default function PeoplePage() {
  const words = useSpoken(spoken);
  return (
    <>
      <h1>{words.title}</h1>
      <div className="beside-trees">
        <aside aria-label={`${words.departments}, ${words.regions}`}>
          <h2>{words.departments}</h2>
          <Places tree="department" />
          <h2>{words.regions}</h2>
          <Places tree="region" />
        </aside>
        <div>
          <Filters />
          <Found />
        </div>
      </div>
    </>
  );
}
