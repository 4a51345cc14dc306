/** What would change: by person, by roles, by type and by field. */
import { Link } from 'wouter';

import { ByField, Figures, Rows, Views } from '../../parts/figures';
import { useLabels } from '../../parts/labels';
import { personPath } from '../../parts/person';
import { useRoles } from '../../parts/roles';
import { byType } from '../../parts/summed';
import { said, useSpoken, useWords } from '../../words';
import { useTypeName } from '../../words/types';
import type { Told, Type } from './asked';
import { words as spoken } from './words';

const ofPeople = (told: Told) => told.groups.flatMap((group) => group.people.flatMap((person) => person.types));

function Fields({ of }: { of: Type }) {
  const { apart } = useWords();
  const labels = useLabels([of.type]);
  const names = of.fields.map((each) => labels.field(of.type, each.field));
  if (names.length <= 6) return <>{names.join(apart)}</>;
  return <details><summary>{names.slice(0, 4).join(apart)} … ({names.length})</summary>{names.join(apart)}</details>;
}

function Counts({ of }: { of: Type }) {
  const words = useSpoken(spoken);
  const typeName = useTypeName();
  return (
    <>
      <td>{typeName(of.type)}</td>
      {of.countable ? <><Figures of={[of.gained ?? 0, of.lost ?? 0]} /><td><Fields of={of} /></td></> : <td colSpan={3} className="quiet">{words.secret}</td>}
    </>
  );
}

function ByPerson({ told }: { told: Told }) {
  const words = useSpoken(spoken);
  const people = told.groups.flatMap((group) => group.people);
  return (
    <Rows title={words.person} heads={[words.person, words.type, words.gained, words.lost, words.turned]}>
      {people.flatMap((person) => person.types.map((type) => (
        <tr key={`${person.id} ${type.type}`}>
          <th scope="row"><Link href={personPath(person.id)}>{person.name ?? '?'}</Link></th><Counts of={type} />
        </tr>
      )))}
    </Rows>
  );
}

function ByRole({ told }: { told: Told }) {
  const words = useSpoken(spoken);
  const { apart } = useWords();
  const roles = useRoles();
  return (
    <Rows title={words.roles} heads={[words.roles, words.users, words.type, words.gained, words.lost, words.turned]}>
      {told.groups.flatMap((group) => group.types.map((type) => (
        <tr key={`${group.roles.join()} ${type.type}`}>
          <th scope="row">{group.roles.map(roles.name).join(apart) || words.noRole}</th>
          <td>{said(words.counted, { sampled: group.sampled, users: group.users })}</td><Counts of={type} />
        </tr>
      )))}
    </Rows>
  );
}

function ByEntity({ told }: { told: Told }) {
  const words = useSpoken(spoken);
  return (
    <Rows title={words.type} heads={[words.type, words.gained, words.lost, words.turned, words.users]}>
      {byType(ofPeople(told)).map(({ of, ...type }) => (
        <tr key={type.type}><Counts of={{ ...type, countable: of.every((each) => each.countable) }} /><Figures of={[of.length]} /></tr>
      ))}
    </Rows>
  );
}

function OfFields({ told }: { told: Told }) {
  const words = useSpoken(spoken);
  return <ByField types={byType(ofPeople(told))} turns={[words.plain, words.masked, words.withheld]} />;
}

export function Tables({ told }: { told: Told }) {
  const words = useSpoken(spoken);
  const views: Views<Told> = {
    person: [words.person, ByPerson], role: [words.roles, ByRole], entity: [words.type, ByEntity], field: [words.field, OfFields],
  };
  return <Views told={told} views={views} what={words.addedUp} />;
}
