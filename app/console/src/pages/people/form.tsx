/** A role that is given, or changed: for which department and region, from when and until when. */
import { useEffect, useId } from 'react';

import { graphql } from '../../graph';
import { useDoing, useTelling } from '../../parts/doing';
import { Finder } from '../../parts/finder';
import { useRoles } from '../../parts/roles';
import { useForm } from '../../parts/unsent';
import { typed } from '../../parts/value';
import { said, useSpoken, useWords } from '../../words';
import { Change, Give, Take, type Held, type Someone } from './assigning';
import { words as spoken } from './words';

const Departments = graphql(`
  query FoundDepartments($text: String!) { departments(first: 20, where: { name: { contains: $text } }, orderBy: [{ field: PATH }]) { nodes { id name path } } }
`);
const Regions = graphql(`
  query FoundRegions($text: String!) { regions(first: 20, where: { name: { contains: $text } }, orderBy: [{ field: PATH }]) { nodes { id name path } } }
`);

interface Named { id: string; name: string }
interface Written { role: string; department: Named | null; region: Named | null; validFrom: string; validTo: string }

const named = (of: { id: string; name?: string | null } | null | undefined): Named | null => of ? { id: of.id, name: of.name ?? '?' } : null;

/** What was typed of a moment. */
const moment = (text: string) => text ? new Date(text).toISOString() : null;

function before(held: Held | undefined): Written {
  return {
    role: held?.role?.id ?? '', department: named(held?.department), region: named(held?.region), validFrom: typed(held?.validFrom), validTo: typed(held?.validTo),
  };
}

interface Asked { person: Someone; held?: Held | undefined; onDone(): void; onCancel?(): void; again(): void }

export function AssignmentForm({ person, held, onDone, onCancel, again }: Asked) {
  const words = useSpoken(spoken);
  const all = useWords();
  const heading = useId();
  const roles = useRoles();
  const doing = useDoing();
  const { forget } = doing;
  useEffect(forget, [held?.version, forget]);
  const tell = useTelling();
  const [form, write, clear] = useForm(`assignment.${person.id}.${held?.id ?? ''}`, before(held));
  const name = person.displayName ?? '?';
  const role = roles.all.find((each) => each.id === form.role)?.name ?? held?.role?.name ?? '';

  function done(sentence: string, undo: () => Promise<unknown>) {
    clear();
    onDone();
    tell({ said: said(sentence, { role, name }), undo, again });
  }
  const input = (of: Written) => ({
    role: of.role, department: of.department?.id ?? null, region: of.region?.id ?? null, validFrom: moment(of.validFrom), validTo: moment(of.validTo),
  });

  async function save() {
    if (held) {
      const found = await doing.run(Change, { input: { id: held.id, expectedVersion: held.version ?? null, ...input(form) } });
      if (found) {
        done(words.changed, () => doing.run(Change, { input: { id: held.id, expectedVersion: found.roleAssignment?.version ?? null, ...input(before(held)) } }));
      }
    } else {
      const found = (await doing.run(Give, { input: { user: person.id, ...input(form) } }))?.roleAssignment;
      if (found) done(words.given, () => doing.run(Take, { input: { id: found.id, expectedVersion: found.version ?? null } }));
    }
  }

  return (
    <form className="assignment" aria-labelledby={heading} onSubmit={(event) => { event.preventDefault(); void save(); }}>
      <h3 id={heading}>{held ? said(words.changeWhich, { role, name }) : said(words.giveTo, { name })}</h3>
      <div className="filters">
        <label>
          {words.role}
          <select required value={form.role} onChange={(event) => write({ role: event.target.value })}>
            <option value="">{words.choose}</option>
            {roles.all.map((each) => <option key={each.id} value={each.id}>{each.name}</option>)}
          </select>
        </label>
        <Finder
          label={words.departmentOf} query={Departments} variables={(text) => ({ text })} chosen={form.department?.name ?? ''}
          options={({ departments }) => (departments?.nodes ?? []).map((each) => ({ ...named(each)!, more: each.path ?? undefined }))}
          onChoose={(option) => write({ department: option && named(option) })}
        />
        <Finder
          label={words.regionOf} query={Regions} variables={(text) => ({ text })} chosen={form.region?.name ?? ''}
          options={({ regions }) => (regions?.nodes ?? []).map((each) => ({ ...named(each)!, more: each.path ?? undefined }))}
          onChoose={(option) => write({ region: option && named(option) })}
        />
        <label>{words.validFrom}<input type="datetime-local" value={form.validFrom} onChange={(event) => write({ validFrom: event.target.value })} /></label>
        <label>{words.validTo}<input type="datetime-local" value={form.validTo} onChange={(event) => write({ validTo: event.target.value })} /></label>
      </div>
      {doing.trouble}
      <div className="actions">
        <button type="submit" className="first" disabled={doing.isBusy || !role}>{held ? all.save : words.give}</button>
        {onCancel && <button type="button" onClick={() => { clear(); onCancel(); }}>{all.cancel}</button>}
        {held && <button type="button" onClick={again}>{words.anew}</button>}
      </div>
    </form>
  );
}
