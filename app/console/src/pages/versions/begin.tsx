/** A draft is begun: of the version in force, or of another, whose documents it then has. */
import { useState } from 'react';
import { useClient } from 'urql';
import { useLocation } from 'wouter';

import { useMutating } from '../../parts/mutating';
import { Refusals } from '../../parts/refusals';
import { Failed } from '../../parts/states';
import { said, useSpoken, useWords } from '../../words';
import { Create, Documents, FileSet, InForce, TestsSet } from './asking';
import { carried, type Text } from './carrying';
import { words as spoken } from './words';

export interface Origin {
  number: number;
  status: string;
  basedOn: number | null;
}

/** Begins a draft on top of what is in force; of another version than that, with what it changed. */
function useBeginning() {
  const client = useClient();
  const doing = useMutating();
  const [unset, setUnset] = useState<readonly string[]>([]);

  const documents = async (number: number | null) => {
    const asked = number === null ? client.query(InForce, {}, FRESHLY) : client.query(Documents, { number }, FRESHLY);
    return (await asked.toPromise()).data?.policy ?? null;
  };

  async function begin(from: Origin | null, note: string): Promise<number | null> {
    const made = await doing.run(Create, { input: note ? { note } : {} });
    const draft = made?.policyVersion;
    if (!draft?.number) return null;
    if (from === null || from.status === 'ACTIVE') return draft.number;
    const [active, source] = [await documents(null), await documents(from.number)];
    const base = from.status === 'RETIRED' || from.basedOn === null ? active : await documents(from.basedOn);
    if (!active || !source || !base) return draft.number;
    const left = await setAll([
      ...carried(base.files, source.files, active.files).map((each) => ({ ...each, of: FileSet })),
      ...carried(base.tests, source.tests, active.tests).map((each) => ({ ...each, of: TestsSet })),
    ], draft.id);
    setUnset(left);
    return left.length > 0 ? null : draft.number;
  }

  /** Sets texts, each as soon as those that it rests on are there; gives the names of those that cannot be set. */
  async function setAll(texts: readonly (Text & { of: typeof FileSet | typeof TestsSet })[], id: string): Promise<string[]> {
    let left = texts;
    for (let before = -1; left.length > 0 && left.length !== before;) {
      before = left.length;
      const refused = [];
      for (const { name, text, of } of left) {
        const payload = await doing.run(of as typeof FileSet, { input: { id, name, text } });
        if (!payload || payload.userErrors.length > 0) refused.push({ name, text, of });
      }
      left = refused;
    }
    return left.map(({ name }) => name);
  }

  return { ...doing, begin, unset };
}

const FRESHLY = { requestPolicy: 'network-only' } as const;

export function Begin({ from = null }: { from?: Origin | null }) {
  const words = useSpoken(spoken);
  const common = useWords();
  const [open, setOpen] = useState(false);
  const [note, setNote] = useState('');
  const [, go] = useLocation();
  const { busy, refusals, failure, unset, begin } = useBeginning();
  const label = from === null || from.status === 'ACTIVE' ? words.begin : words.beginOfThis;

  async function send() {
    const number = await begin(from, note);
    if (number !== null) go(`/versions/${number}`);
  }

  if (!open) return <button type="button" onClick={() => setOpen(true)}>{label}</button>;
  return (
    <form className="step" onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <label>{words.why}<input value={note} autoFocus onChange={(event) => setNote(event.target.value)} /></label>
      <div className="actions">
        <button type="submit" className="first" disabled={busy}>{label}</button>
        <button type="button" onClick={() => setOpen(false)}>{common.cancel}</button>
      </div>
      <Refusals of={refusals} />
      {failure && <Failed error={failure} again={() => void send()} />}
      {unset.length > 0 && <p role="alert" className="failed">{said(words.unset, { names: unset.join(', ') })}</p>}
    </form>
  );
}
