/** Whether something is really to be done. */
import type { TypedDocumentNode } from 'urql';

import { useDoing } from '../../parts/doing';
import { Panel } from '../../parts/panel';
import { useWords } from '../../words';

interface Asked<Data extends object> {
  title: string;
  why: string;
  does: string;
  document: TypedDocumentNode<Data, { input: { code: string } }>;
  code: string;
  onClose(): void;
  onDone(data: Data): void;
}

export function Really<Data extends object>({ title, why, does, document, code, onClose, onDone }: Asked<Data>) {
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
