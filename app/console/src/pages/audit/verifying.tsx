/** Whether the trail is whole, also compared with a head that was noted before. */
import { useState } from 'react';
import { useClient } from 'urql';

import { graphql, type ResultOf } from '../../graph';
import { Copy } from '../../parts/copy';
import { Panel } from '../../parts/panel';
import { Failed } from '../../parts/states';
import { said, useSpoken } from '../../words';
import { words as spoken } from './words';

const Verify = graphql(`query Verify($head: String) { auditVerify(head: $head) { isWhole events head fault brokenAt } }`);
const KEPT = 'customer360.console.auditHead';

type Found = ResultOf<typeof Verify>['auditVerify'];

function Outcome({ found, head }: { found: Found; head: string }) {
  const words = useSpoken(spoken);
  const [isNoted, setNoted] = useState(false);
  if (!found) return <p>{words.mayNotVerify}</p>;
  if (!found.isWhole) return <p className="failed">✗ {said(words.broken, { n: found.brokenAt ?? 0, why: words.faults[found.fault ?? ''] ?? found.fault ?? '' })}</p>;
  const note = () => {
    localStorage.setItem(KEPT, found.head ?? '');
    setNoted(true);
  };
  return (
    <>
      <p className="whole">✓ {said(words.whole, { n: found.events })}</p>
      <p>{head ? words.compared : words.notCompared}</p>
      <p><code>{found.head}</code></p>
      <div className="actions">
        <Copy text={found.head ?? ''} />
        <button type="button" onClick={note}>{words.note}</button>
        <span role="status">{isNoted && words.noted}</span>
      </div>
    </>
  );
}

export function Verifying({ onClose }: { onClose(): void }) {
  const words = useSpoken(spoken);
  const client = useClient();
  const [head, setHead] = useState(() => localStorage.getItem(KEPT) ?? '');
  const [state, setState] = useState<'asked' | { found: Found; head: string } | Error | null>(null);
  async function verify() {
    setState('asked');
    const noted = head.trim();
    const { data, error } = await client.query(Verify, { head: noted || null }, { requestPolicy: 'network-only' }).toPromise();
    setState(error ?? { found: data!.auditVerify, head: noted });
  }
  return (
    <Panel title={words.verifyTitle} onClose={onClose}>
      <p>{words.verifyWhy}</p>
      <form className="filters" onSubmit={(event) => { event.preventDefault(); void verify(); }}>
        <label className="long">{words.head}<input value={head} onChange={(event) => setHead(event.target.value)} spellCheck={false} /></label>
        <button type="submit" className="first" disabled={state === 'asked'}>{words.verify}</button>
      </form>
      <div role="status">
        {state === 'asked' && <p className="quiet">{words.verifying}</p>}
        {state instanceof Error && <Failed error={state} again={() => void verify()} />}
        {state && state !== 'asked' && !(state instanceof Error) && <Outcome key={state.found?.head} {...state} />}
      </div>
    </Panel>
  );
}
