/** What would change: by person, by roles, by type and by field. */
import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';

import { useAddress } from '../../parts/address';
import { useLabels } from '../../parts/labels';
import { useRoles } from '../../parts/roles';
import { Sheet } from '../../parts/sheet';
import { said, useLanguage, useSpoken, useWords } from '../../words';
import { useTypeName } from '../../words/types';
import type { Told, Type } from './asked';
import { personPath } from '../people/all';
import { words as spoken } from './words';

const AT_ONCE = 100;

function Fields({ of }: { of: Type }) {
  const { apart } = useWords();
  const labels = useLabels([of.type]);
  const names = of.fields.map((each) => labels.field(of.type, each.field));
  if (names.length <= 6) return <>{names.join(apart)}</>;
  return <details><summary>{names.slice(0, 4).join(apart)} … ({names.length})</summary>{names.join(apart)}</details>;
}

function Counts({ of }: { of: Type }) {
  const words = useSpoken(spoken);
  const { language } = useLanguage();
  const typeName = useTypeName();
  return (
    <>
      <td>{typeName(of.type)}</td>
      {of.countable ? (
        <>
          <td className="figure">{(of.gained ?? 0).toLocaleString(language)}</td>
          <td className="figure">{(of.lost ?? 0).toLocaleString(language)}</td>
          <td><Fields of={of} /></td>
        </>
      ) : <td colSpan={3} className="quiet">{words.secret}</td>}
    </>
  );
}

/** Rows of a table, some at a time. */
function Some({ title, heads, rows }: { title: string; heads: readonly string[]; rows: readonly ReactNode[] }) {
  const words = useSpoken(spoken);
  const [shown, setShown] = useState(AT_ONCE);
  const left = rows.length - shown;
  return (
    <>
      <Sheet title={title} heads={heads}>{rows.slice(0, shown)}</Sheet>
      {left > 0 && <p><button type="button" onClick={() => setShown(shown + AT_ONCE)}>{said(words.more, { n: Math.min(left, AT_ONCE) })}</button></p>}
    </>
  );
}

function ByPerson({ told }: { told: Told }) {
  const words = useSpoken(spoken);
  const people = told.groups.flatMap((group) => group.people);
  const rows = people.flatMap((person) => person.types.map((type) => (
    <tr key={`${person.id} ${type.type}`}>
      <th scope="row"><Link href={personPath(person.id)}>{person.name ?? '?'}</Link></th><Counts of={type} />
    </tr>
  )));
  return <Some title={words.views['person']!} heads={[words.person, words.type, words.gained, words.lost, words.turned]} rows={rows} />;
}

function ByRole({ told }: { told: Told }) {
  const words = useSpoken(spoken);
  const { apart } = useWords();
  const roles = useRoles();
  const rows = told.groups.flatMap((group) => group.types.map((type) => (
    <tr key={`${group.roles.join()} ${type.type}`}>
      <th scope="row">{group.roles.map(roles.name).join(apart) || words.noRole}</th>
      <td>{said(words.counted, { sampled: group.sampled, users: group.users })}</td><Counts of={type} />
    </tr>
  )));
  return <Some title={words.views['role']!} heads={[words.roles, words.users, words.type, words.gained, words.lost, words.turned]} rows={rows} />;
}

/** All people's changes of one type together. */
function together(told: Told): (Type & { people: number })[] {
  const found = new Map<string, Type & { people: number }>();
  for (const type of told.groups.flatMap((group) => group.people.flatMap((person) => person.types))) {
    const sum = found.get(type.type) ?? { ...type, gained: 0, lost: 0, fields: [], people: 0 };
    const fields = new Map(sum.fields.map((each) => [each.field, each]));
    for (const { field, plain, masked, withheld } of type.fields) {
      const of = fields.get(field) ?? { field, plain: 0, masked: 0, withheld: 0 };
      fields.set(field, { field, plain: of.plain + plain, masked: of.masked + masked, withheld: of.withheld + withheld });
    }
    found.set(type.type, {
      type: type.type, countable: sum.countable && type.countable, gained: (sum.gained ?? 0) + (type.gained ?? 0), lost: (sum.lost ?? 0) + (type.lost ?? 0),
      fields: [...fields.values()], people: sum.people + 1,
    });
  }
  return [...found.values()];
}

function ByEntity({ told }: { told: Told }) {
  const words = useSpoken(spoken);
  const rows = together(told).map((type) => <tr key={type.type}><Counts of={type} /><td className="figure">{type.people}</td></tr>);
  return <Some title={words.views['entity']!} heads={[words.type, words.gained, words.lost, words.turned, words.users]} rows={rows} />;
}

function FieldRow({ type, field }: { type: string; field: Type['fields'][number] }) {
  const { language } = useLanguage();
  const typeName = useTypeName();
  return (
    <tr>
      <td>{typeName(type)}</td><th scope="row">{useLabels([type]).field(type, field.field)}</th>
      {[field.plain, field.masked, field.withheld].map((n, at) => <td key={at} className="figure">{n.toLocaleString(language)}</td>)}
    </tr>
  );
}

function ByField({ told }: { told: Told }) {
  const words = useSpoken(spoken);
  const rows = together(told).flatMap(({ type, fields }) => fields.map((field) => <FieldRow key={`${type} ${field.field}`} type={type} field={field} />));
  return <Some title={words.views['field']!} heads={[words.type, words.field, words.plain, words.becomesMasked, words.withheld]} rows={rows} />;
}

const VIEWS = { person: ByPerson, role: ByRole, entity: ByEntity, field: ByField };

export function Tables({ told }: { told: Told }) {
  const words = useSpoken(spoken);
  const [{ by }, change] = useAddress();
  const chosen = (Object.keys(VIEWS) as (keyof typeof VIEWS)[]).find((each) => each === by) ?? 'person';
  const View = VIEWS[chosen];
  return (
    <section>
      <label className="check">
        {words.by}
        <select value={chosen} onChange={(event) => change({ by: event.target.value }, { replace: true })}>
          {Object.keys(VIEWS).map((each) => <option key={each} value={each}>{words.views[each]}</option>)}
        </select>
      </label>
      <View told={told} />
      <p className="quiet">{words.addedUp}</p>
    </section>
  );
}
