/** A customer as one or two people see it, side by side. */
import { useQuery } from 'urql';

import { graphql } from '../../graph';
import { useAddress } from '../../parts/address';
import { usePersonName } from '../../parts/person';
import { Failed, Loading } from '../../parts/states';
import { said, useSpoken, useWords } from '../../words';
import { figures, happened, itself, lists } from './cells';
import { Choices } from './choices';
import { useLook, type Look, type Seen } from './looking';
import { Around, ROWS } from './operation';
import { Figures, Happened, Itself, Rows } from './parts';
import { Legend } from './signs';
import './style.css';
import { Why } from './why';
import { words as spoken } from './words';

const MOST = 100;

const Held = graphql(`
  query HeldRoles($id: ID!) {
    user(id: $id) { id roleAssignments(first: 10) { nodes { id role { id name } region { id name } department { id name } } } }
  }
`);

/** The roles that somebody holds, as far as they are in view. */
function Roles({ id, name }: { id: string | undefined; name: string }) {
  const words = useSpoken(spoken);
  const { apart } = useWords();
  const [{ data }] = useQuery({ query: Held, variables: { id: id ?? '' }, pause: !id });
  if (!data) return null;
  const roles = (data.user?.roleAssignments.nodes ?? []).map((each) => (
    [each.role?.name, [each.department?.name, each.region?.name].filter(Boolean).join(apart)].filter(Boolean).join(' · ')
  ));
  return <p className="quiet">{name}: {roles.length ? roles.join('; ') : words.noRoles}</p>;
}

function Beside({ yours, looks, names, rows }: { yours: Seen; looks: readonly Seen[]; names: readonly string[]; rows: number }) {
  const words = useSpoken(spoken);
  const [{ differences }, change] = useAddress();
  const own = itself(yours, looks);
  const parts = lists(yours, looks);
  const overview = figures(yours, looks);
  const timeline = happened(yours, looks);
  const isSame = ![own, ...parts.flatMap((part) => part.records), ...overview, ...timeline].some((each) => each.differs);
  return (
    <>
      <Legend />
      {differences && isSame && <p role="status">{words.noDifference}</p>}
      {(own.differs || !differences) && <Itself record={own} names={names} />}
      {own.seen.some(Boolean) && (
        <>
          <Figures lines={overview} names={names} />
          {parts.map((part) => <Rows key={part.name} part={part} names={names} rows={rows} />)}
          <Happened entries={timeline} names={names} />
          {rows < MOST && parts.some((part) => part.yours > rows) && (
            <p><button type="button" onClick={() => change({ rows: String(MOST) })}>{words.moreRows}</button></p>
          )}
        </>
      )}
    </>
  );
}

function State({ look, name, isVersion }: { look: Look; name: string; isVersion: boolean }) {
  const words = useSpoken(spoken);
  const missing = look.error && 'graphQLErrors' in look.error && look.error.graphQLErrors.find((each) => each.extensions?.['code'] === 'NOT_FOUND');
  if (missing) return <p role="alert">{isVersion && missing.extensions?.['argument'] === 'version' ? words.noVersion : `${name}: ${words.mayNot}`}</p>;
  if (look.error) return <Failed error={look.error} again={look.again} />;
  return look.tailored && look.seen ? <p className="quiet">{said(words.tailored, { name })}</p> : null;
}

export default function ViewAsPage() {
  const words = useSpoken(spoken);
  const [{ customer, a, b, version, rows: wanted, row, who }] = useAddress();
  const rows = wanted ? MOST : ROWS;
  const number = version ? Number(version) : undefined;
  const [yours, again] = useQuery({ query: Around, variables: { id: customer ?? '', rows }, pause: !customer });
  const asked = [{ id: a, look: useLook(a, customer, rows, number), name: usePersonName(a) }, { id: b, look: useLook(b, customer, rows, number), name: usePersonName(b) }];
  const people = asked.filter((each) => each.id);
  const looks = people.map((each) => each.look.seen).filter((each) => each !== undefined);
  const names = people.map((each) => each.name);
  const isReady = customer && yours.data?.customer && people.length > 0 && looks.length === people.length;
  return (
    <>
      <h1>{words.title}</h1>
      <Choices />
      {(!customer || people.length === 0) && <p>{words.intro}</p>}
      {customer && yours.error && <Failed error={yours.error} again={() => again({ requestPolicy: 'network-only' })} />}
      {customer && yours.data && !yours.data.customer && <p>{words.noCustomer}</p>}
      {customer && people.map((each) => (
        <div key={each.id}>
          <Roles id={each.id} name={each.name} /><State look={each.look} name={each.name} isVersion={number !== undefined} />
        </div>
      ))}
      {isReady ? <Beside yours={yours.data!} looks={looks} names={names} rows={rows} />
        : customer && people.length > 0 && !people.some((each) => each.look.error) && !yours.error && yours.data?.customer !== null && <Loading />}
      {row && (who === 'b' ? b : a) && <Why as={(who === 'b' ? b : a)!} name={asked[who === 'b' ? 1 : 0]!.name} />}
    </>
  );
}
