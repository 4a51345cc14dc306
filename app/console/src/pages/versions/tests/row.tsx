/** One line of the table: typed into, and saved once it is left. */
import { useRef, useState, type FocusEvent, type KeyboardEvent } from 'react';
import { Link } from 'wouter';

import { Unreadable } from '../../../parts/flow';
import { useUnsent } from '../../../parts/unsent';
import { Failed } from '../../../parts/states';
import { useSpoken, useWords } from '../../../words';
import { TestsSet } from '../asking';
import { useChanging } from '../changing';
import type { Finding } from '../checks';
import type { Version } from '../head';
import { Hindrances } from '../hindrances';
import { caseOf, COLUMNS, typedOf, type Case, type Column, type Table, type Typed } from './case';
import { CaseMerge } from './merge';
import { words as spoken } from './words';

interface Given {
  version: Version;
  file: string;
  table: Table;
  index: number | null;
  of: Case | null;
  line: number;
  failed: readonly Finding[];
  isFaulty: boolean;
  mayChange: boolean;
}

interface Unsent {
  state: number | null;
  was: Case | null;
  typed: Typed;
}

const NOTHING = typedOf({});

export function CaseRow({ version, file, table, index, of, line, failed, isFaulty, mayChange }: Given) {
  const words = useSpoken(spoken);
  const common = useWords();
  const [unsent, keep] = useUnsent<Unsent>(`case.${version.id}.${file}.${index ?? 'new'}`);
  const [unreadable, setUnreadable] = useState(false);
  const row = useRef<HTMLTableRowElement>(null);
  const changing = useChanging(version);
  const typed = unsent?.typed ?? (of ? typedOf(of) : NOTHING);

  async function set(made: Case | null, at: number | null, state: number | null) {
    const input = { name: file, ...(at !== null && { index: at }), case: made };
    if (await changing.change(TestsSet, input as never, state) !== null) keep(null);
  }

  function save() {
    if (!unsent || typed.as.trim() === '' || typed.on.trim() === '') return;
    try {
      setUnreadable(false);
      void set(caseOf(typed, unsent.was), index, unsent.state);
    } catch (failure) {
      if (!(failure instanceof Unreadable)) throw failure;
      setUnreadable(true);
    }
  }

  function type(name: Column, value: string) {
    keep({ state: unsent?.state ?? version.version ?? null, was: unsent?.was ?? of, typed: { ...typed, [name]: value } });
  }

  function left(event: FocusEvent) {
    if (!row.current?.contains(event.relatedTarget as Node | null)) save();
  }

  function press(event: KeyboardEvent) {
    if (event.key !== 'Enter' || event.target instanceof HTMLButtonElement) return;
    event.preventDefault();
    save();
  }

  const remove = () => void set(null, index, version.version ?? null);
  const bad = failed.length > 0 || changing.refusals.length > 0;
  return (
    <>
      <tr ref={row} className={bad || isFaulty ? 'missed' : ''} onBlur={left} onKeyDown={press}>
        <th scope="row" id={`line-${line}`}>{index === null ? '+' : index + 1}</th>
        {COLUMNS.map((name) => (
          <td key={name}>
            {!mayChange ? <span>{name === 'expect' ? words.expectations[typed.expect || 'visible'] : typed[name]}</span> : name === 'expect' ? (
              <select aria-label={words.columns.expect} value={typed.expect || 'visible'} onChange={(event) => type('expect', event.target.value)}>
                {Object.entries(words.expectations).map(([value, text]) => <option key={value} value={value}>{text}</option>)}
              </select>
            ) : name === 'as' ? (
              <input aria-label={words.columns.as} value={typed.as} list={`people-${file}`} onChange={(event) => type('as', event.target.value)} />
            ) : (
              <textarea aria-label={words.columns[name]} rows={1} value={typed[name]} onChange={(event) => type(name, event.target.value)} />
            )}
          </td>
        ))}
        <td>{index !== null && mayChange && <button type="button" disabled={changing.busy} onClick={remove}>{common.remove}</button>}</td>
      </tr>
      {(bad || unreadable || changing.others || changing.failure || unsent) && (
        <tr className="said">
          <td />
          <td colSpan={COLUMNS.length + 1}>
            {unsent && !changing.busy && !changing.others && <p className="quiet">{words.unsent} <button type="button" onClick={() => { keep(null); changing.clear(); }}>{words.asItWas}</button></p>}
            {unreadable && <p role="alert" className="failed">{words.unreadable}</p>}
            <Hindrances of={changing.refusals} number={version.number} />
            {changing.failure && <Failed error={changing.failure} again={save} />}
            {failed.map((each, place) => <Miss key={place} of={each} number={version.number} table={table} />)}
            {changing.others && unsent && (
              <CaseMerge
                others={changing.others} file={file} was={unsent.was} mine={caseOf(typed, unsent.was)} index={index} onSave={set}
                onLeave={() => { keep(null); changing.settle(); }}
              />
            )}
          </td>
        </tr>
      )}
    </>
  );
}

const MISS = /^(.*), (\w+)(?:\.(\w+))?: expected (.*), got (.*)$/;

/** A failure in words, and the way to why. */
function Miss({ of, number, table }: { of: Finding; number: number; table: Table }) {
  const words = useSpoken(spoken);
  const [, who, type, field, expected, got] = MISS.exec(of.message) ?? [];
  if (!who || !type) return <p className="failed">{of.message}</p>;
  const person = table.people[who];
  const role = person?.role ?? person?.roles?.[0]?.role;
  const state = (name = '') => words.states[name] ?? name;
  return (
    <p className="failed">
      {words.missed.replace('{who}', who).replace('{what}', field ? `${type}.${field}` : type).replace('{expected}', state(expected)).replace('{got}', state(got))}{' '}
      {role && <Link href={`/matrix?version=${number}&cell=${encodeURIComponent(role)}/${type}/${field ?? 'id'}`}>{words.why}</Link>}
    </p>
  );
}
