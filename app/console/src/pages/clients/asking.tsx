/** Whether something is really to be done. */
import { useDoing } from '../../parts/doing';
import type { Mutation, Payload } from '../../parts/mutating';
import { Panel } from '../../parts/panel';
import { useWords } from '../../words';

interface Asked<Of extends Payload> {
  title: string;
  why: string;
  does: string;
  document: Mutation<Of, { input: { code: string } }>;
  code: string;
  onClose(): void;
  onDone(payload: Of): void;
}

export function Really<Of extends Payload>({ title, why, does, document, code, onClose, onDone }: Asked<Of>) {
  const { cancel } = useWords();
  const doing = useDoing();
  async function run() {
    const found = await doing.run(document, { input: { code } });
    if (found) onDone(found);
  }
  return (
    <Panel title={title} onClose={onClose}>
      <p>{why}</p>
      {doing.trouble}
      <div className="actions">
        <button type="button" className="bad" disabled={doing.isBusy} onClick={() => void run()}>{does}</button>
        <button type="button" onClick={onClose}>{cancel}</button>
      </div>
    </Panel>
  );
}
