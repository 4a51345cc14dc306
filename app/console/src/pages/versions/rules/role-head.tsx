/** What a role is besides its rules: its name, whose rules it has too, which schema it is shown, its smallest group. */
import { useState } from 'react';
import { useLocation } from 'wouter';

import { useUnsent } from '../../../parts/unsent';
import { Failed } from '../../../parts/states';
import { useSpoken, useWords } from '../../../words';
import { RoleRemove, RoleSet } from '../asking';
import { useChanging } from '../changing';
import { mayChange, type Version } from '../head';
import { Hindrances } from '../hindrances';
import type { Role } from './role';
import { words as spoken } from './words';

export interface Head {
  name: string;
  includes: string;
  schema: string;
  minGroup: string;
}

export function RoleHead({ version, role }: { version: Version; role: Role }) {
  const words = useSpoken(spoken);
  const common = useWords();
  const [open, setOpen] = useState(false);
  return (
    <>
      <div className="title">
        <h2>{role.name}</h2>
        <span className="quiet">{[role.code, words.schemas[role.schema], role.minGroup && `${words.minGroup} ${role.minGroup}`].filter(Boolean).join(' · ')}</span>
        {mayChange(version) && !open && <button type="button" onClick={() => setOpen(true)}>{common.change}</button>}
      </div>
      {open && <HeadForm version={version} role={role} onClose={() => setOpen(false)} />}
    </>
  );
}

function headOf(role: Role): Head {
  return { name: role.name, includes: role.includes.join(', '), schema: role.schema, minGroup: role.minGroup ? String(role.minGroup) : '' };
}

export function inputOf(head: Head) {
  return {
    name: head.name,
    includes: head.includes.split(',').map((each) => each.trim()).filter(Boolean),
    schema: head.schema,
    minGroup: head.minGroup ? Number(head.minGroup) : null,
  };
}

function HeadForm({ version, role, onClose }: { version: Version; role: Role; onClose(): void }) {
  const words = useSpoken(spoken);
  const common = useWords();
  const [unsent, keep] = useUnsent<Head>(`role.${version.id}.${role.code}`);
  const [state] = useState(version.version ?? null);
  const [, go] = useLocation();
  const { change, busy, refusals, failure, others, settle } = useChanging(version);
  const head = unsent ?? headOf(role);

  async function save(at: number | null) {
    const given = inputOf(head);
    const before = inputOf(headOf(role));
    const changed = Object.fromEntries(Object.entries(given).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof Head])));
    if (await change(RoleSet, { role: role.code, ...changed } as never, at) === null) return;
    keep(null);
    onClose();
  }

  async function remove() {
    if (await change(RoleRemove, { role: role.code } as never, version.version ?? null) !== null) go(`/versions/${version.number}/rules`);
  }

  return (
    <form className="step" onSubmit={(event) => { event.preventDefault(); void save(state); }}>
      <HeadFields head={head} onChange={keep} />
      <div className="actions">
        <button type="submit" className="first" disabled={busy}>{common.save}</button>
        <button type="button" onClick={() => { keep(null); onClose(); }}>{common.cancel}</button>
        <button type="button" className="bad" disabled={busy} onClick={() => void remove()}>{words.removeRole}</button>
      </div>
      <Hindrances of={refusals} number={version.number} />
      {failure && <Failed error={failure} again={() => void save(state)} />}
      {others && (
        <p role="alert" className="failed">{words.changedFirst}{' '}
          <button type="button" onClick={() => { settle(); void save(others.policy?.version ?? null); }}>{words.saveNevertheless}</button>
        </p>
      )}
    </form>
  );
}

export function HeadFields({ head, onChange }: { head: Head; onChange(head: Head): void }) {
  const words = useSpoken(spoken);
  const set = (change: Partial<Head>) => onChange({ ...head, ...change });
  return (
    <>
      <label>{words.name}<input value={head.name} onChange={(event) => set({ name: event.target.value })} /></label>
      <label>{words.includes}<input value={head.includes} onChange={(event) => set({ includes: event.target.value })} /></label>
      <label>{words.schema}
        <select value={head.schema} onChange={(event) => set({ schema: event.target.value })}>
          {Object.entries(words.schemas).map(([name, text]) => <option key={name} value={name}>{text}</option>)}
        </select>
      </label>
      <label>{words.minGroup}<input type="number" min={2} max={1000} value={head.minGroup} onChange={(event) => set({ minGroup: event.target.value })} /></label>
    </>
  );
}
