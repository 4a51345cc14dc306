/** A role is made. */
import { useState } from 'react';
import { useLocation } from 'wouter';

import { useUnsent } from '../../../parts/unsent';
import { Failed } from '../../../parts/states';
import { useSpoken, useWords } from '../../../words';
import { RoleSet } from '../asking';
import { useChanging } from '../changing';
import type { Version } from '../head';
import { Hindrances } from '../hindrances';
import { HeadFields, inputOf, type Head } from './role-head';
import { words as spoken } from './words';

const NOTHING: Head & { code: string } = { code: '', name: '', includes: 'employee', schema: 'complete', minGroup: '' };

export function NewRole({ version }: { version: Version }) {
  const words = useSpoken(spoken);
  const common = useWords();
  const [unsent, keep] = useUnsent<Head & { code: string }>(`role.${version.id}`);
  const [state] = useState(version.version ?? null);
  const [, go] = useLocation();
  const { change, busy, refusals, failure, others } = useChanging(version);
  const head = unsent ?? NOTHING;

  async function save(at: number | null) {
    const { minGroup, ...given } = inputOf(head);
    const input = { role: head.code, ...given, ...(minGroup && { minGroup }) };
    if (await change(RoleSet, input as never, at) === null) return;
    keep(null);
    go(`/versions/${version.number}/rules/${encodeURIComponent(head.code)}`);
  }

  return (
    <form className="step" onSubmit={(event) => { event.preventDefault(); void save(others?.policy?.version ?? state); }}>
      <h2>{words.newRole}</h2>
      <label>{words.code}
        <input required pattern="[a-z][a-z0-9_]*|scope:[a-z][a-z0-9_.:\-]*" value={head.code} onChange={(event) => keep({ ...head, code: event.target.value })} />
      </label>
      <HeadFields head={head} onChange={(next) => keep({ ...head, ...next })} />
      <div className="actions">
        <button type="submit" className="first" disabled={busy}>{common.save}</button>
        <button type="button" onClick={() => { keep(null); go(`/versions/${version.number}/rules`); }}>{common.cancel}</button>
      </div>
      {others && <p role="alert" className="failed">{words.changedFirst} {words.saveNevertheless}?</p>}
      <Hindrances of={refusals} number={version.number} />
      {failure && <Failed error={failure} again={() => void save(state)} />}
    </form>
  );
}
