/** Figures of what a version would change, by what whoever reads them chooses. */
import { useState, type ComponentType, type ReactNode } from 'react';

import { said, useLanguage, useSpoken } from '../words';
import { useTypeName } from '../words/types';
import { weighed } from '../words/weighed';
import { useAddress } from './address';
import { useLabels } from './labels';
import { Sheet } from './sheet';
import type { Turned } from './summed';

const AT_ONCE = 100;

/** Cells of a row; null is a figure that is not told. */
export function Figures({ of, secret = '' }: { of: readonly (number | null)[]; secret?: string }) {
  const { language } = useLanguage();
  return of.map((each, at) => <td key={at} className={each === null ? 'quiet' : 'figure'}>{each?.toLocaleString(language) ?? secret}</td>);
}

/** Rows of a table, some at a time. */
export function Rows({ title, heads, children }: { title: string; heads: readonly string[]; children: readonly ReactNode[] }) {
  const words = useSpoken(weighed);
  const [shown, setShown] = useState(AT_ONCE);
  const left = children.length - shown;
  return (
    <>
      <Sheet title={title} heads={heads}>{children.slice(0, shown)}</Sheet>
      {left > 0 && <p><button type="button" onClick={() => setShown(shown + AT_ONCE)}>{said(words.more, { n: Math.min(left, AT_ONCE) })}</button></p>}
    </>
  );
}

function Line({ type, field: { field, plain, masked, withheld } }: { type: string; field: Turned }) {
  const typeName = useTypeName();
  return <tr><td>{typeName(type)}</td><th scope="row">{useLabels([type]).field(type, field)}</th><Figures of={[plain, masked, withheld]} /></tr>;
}

/** How often each field turns plain, masked and withheld. */
export function ByField({ types, turns }: { types: readonly { type: string; fields: readonly Turned[] }[]; turns: readonly [string, string, string] }) {
  const words = useSpoken(weighed);
  return (
    <Rows title={words.field} heads={[words.type, words.field, ...turns]}>
      {types.flatMap(({ type, fields }) => fields.map((field) => <Line key={`${type} ${field.field}`} type={type} field={field} />))}
    </Rows>
  );
}

/** Views by what the address calls them, each with what it is called. */
export type Views<Told> = Readonly<Record<string, [string, ComponentType<{ told: Told }>]>>;

/** What is told in one view of several, the first where none is chosen; and what its figures are. */
export function Views<Told>({ told, views, what }: { told: Told; views: Views<Told>; what: string }) {
  const words = useSpoken(weighed);
  const [{ by = '' }, change] = useAddress();
  const chosen = Object.hasOwn(views, by) ? by : Object.keys(views)[0]!;
  const View = views[chosen]![1];
  return (
    <section>
      <label className="check">
        {words.by}
        <select value={chosen} onChange={(event) => change({ by: event.target.value }, { replace: true })}>
          {Object.entries(views).map(([each, [name]]) => <option key={each} value={each}>{name}</option>)}
        </select>
      </label>
      <View told={told} />
      <p className="quiet">{what}</p>
    </section>
  );
}
