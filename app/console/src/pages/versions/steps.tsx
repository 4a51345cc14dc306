/** What can be done with a version as a whole, and what stands in the way; what was done can be taken back. */
import { useState } from 'react';

import { useMutating } from '../../parts/mutating';
import { Failed } from '../../parts/states';
import { said, useSpoken } from '../../words';
import { Approve, Discard, Submit } from './asking';
import { Activation } from './activation';
import { Begin } from './begin';
import type { Version } from './head';
import { Hindrances } from './hindrances';
import { Rejection } from './rejection';
import { words as spoken } from './words';

type Step = 'submit' | 'approve' | 'reject' | 'activate' | 'discard' | 'rollBack';

const STEPS: Record<string, readonly Step[]> = {
  DRAFT: ['submit', 'activate', 'discard'],
  SUBMITTED: ['approve', 'reject', 'activate', 'discard'],
  APPROVED: ['activate', 'reject', 'discard'],
  REJECTED: ['discard'],
  RETIRED: ['rollBack'],
};

const PLAIN = { submit: Submit, approve: Approve, discard: Discard } as const;
const FIRST: Record<string, Step> = { DRAFT: 'submit', SUBMITTED: 'approve', APPROVED: 'activate' };

export function Steps({ version }: { version: Version }) {
  const words = useSpoken(spoken);
  const [open, setOpen] = useState<Step | null>(null);
  const [done, setDone] = useState<Step | null>(null);
  const { busy, refusals, failure, run, clear } = useMutating();
  const origin = { number: version.number, status: version.status, basedOn: version.basedOn ?? null };
  const may = version.row?.access.updatable.includes('status') || version.status === 'RETIRED';

  async function press(step: Step) {
    clear();
    setDone(null);
    if (!(step in PLAIN)) return setOpen(open === step ? null : step);
    setOpen(null);
    const input = { id: version.id, expectedVersion: version.version ?? null };
    const payload = await run(PLAIN[step as keyof typeof PLAIN] as typeof Submit, { input });
    if (payload?.userErrors.length === 0) setDone(step);
  }

  return (
    <section aria-label={words.steps}>
      <div className="actions">
        {may && (STEPS[version.status] ?? []).map((step) => (
          <button
            key={step} type="button" disabled={busy} aria-expanded={step in PLAIN ? undefined : open === step}
            className={FIRST[version.status] === step ? 'first' : ''} onClick={() => void press(step)}
          >
            {words.step[step]}
          </button>
        ))}
        {open === null && <Begin from={origin} />}
      </div>
      {!may && version.status !== 'ACTIVE' && version.status !== 'DISCARDED' && <p className="quiet">{words.mayNot}</p>}
      <Hindrances of={refusals} number={version.number} />
      {failure && <Failed error={failure} again={clear} />}
      {open === 'reject' && <Rejection version={version} onDone={() => setOpen(null)} />}
      {(open === 'activate' || open === 'rollBack') && <Activation version={version} onClose={() => setOpen(null)} />}
      {done && <Done step={done} version={version} />}
    </section>
  );
}

function Done({ step, version }: { step: Step; version: Version }) {
  const words = useSpoken(spoken);
  return <p role="status" className="outcome">{said(words.done[step] ?? '', { number: version.number })}</p>;
}
