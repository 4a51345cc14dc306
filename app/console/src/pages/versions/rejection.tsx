/** A version is turned down, with a word to who wrote it. */
import { useMutating } from '../../parts/mutating';
import { useUnsent } from '../../parts/unsent';
import { Failed } from '../../parts/states';
import { useSpoken, useWords } from '../../words';
import { Reject } from './asking';
import type { Version } from './head';
import { Hindrances } from './hindrances';
import { words as spoken } from './words';

export function Rejection({ version, onDone }: { version: Version; onDone(): void }) {
  const words = useSpoken(spoken);
  const common = useWords();
  const [reason, keep] = useUnsent<string>(`reason.${version.id}`);
  const { busy, refusals, failure, run } = useMutating();

  async function send() {
    const input = { id: version.id, expectedVersion: version.version ?? null, reason: reason ?? '' };
    const payload = await run(Reject, { input });
    if (payload?.userErrors.length !== 0) return;
    keep(null);
    onDone();
  }

  return (
    <form className="step" onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <label>{words.reason}<textarea value={reason ?? ''} required autoFocus rows={3} onChange={(event) => keep(event.target.value || null)} /></label>
      <div className="actions">
        <button type="submit" className="first" disabled={busy}>{words.step.reject}</button>
        <button type="button" onClick={onDone}>{common.cancel}</button>
      </div>
      <Hindrances of={refusals} number={version.number} />
      {failure && <Failed error={failure} again={() => void send()} />}
    </form>
  );
}
