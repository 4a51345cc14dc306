/** What a page shows while it has nothing else to show. */
import type { CombinedError } from 'urql';

import { useWords } from '../words';

export function Loading() {
  return <p role="status" className="quiet">{useWords().loading}</p>;
}

export function Failed({ error, again }: { error: Error | CombinedError; again: () => void }) {
  const words = useWords();
  return (
    <div role="alert" className="failed">
      <p>{words.failed}</p>
      <p className="quiet">{'networkError' in error && error.networkError instanceof TypeError ? words.unreachable : error.message}</p>
      <button type="button" onClick={again}>{words.again}</button>
    </div>
  );
}
