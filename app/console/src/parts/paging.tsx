/** Which page of a list is shown, kept in the address; and the ways to those beside it. */
import { useWords } from '../words';
import { useAddress } from './address';

interface Info {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor?: string | null;
  endCursor?: string | null;
}

/** What a list is asked for, so many on a page. */
export function usePage(size: number) {
  const [{ after, before }] = useAddress();
  return before ? { last: size, before } : { first: size, after: after ?? null };
}

export function Pages({ info }: { info: Info }) {
  const words = useWords();
  const [{ after, before }, change] = useAddress();
  const hasEarlier = info.hasPreviousPage || Boolean(after);
  const hasLater = info.hasNextPage || Boolean(before);
  if (!hasEarlier && !hasLater) return null;
  return (
    <nav className="pages" aria-label={words.pages}>
      <button type="button" disabled={!hasEarlier} onClick={() => change({ before: info.startCursor ?? undefined, after: undefined })}>
        {words.earlier}
      </button>
      <button type="button" disabled={!hasLater} onClick={() => change({ after: info.endCursor ?? undefined, before: undefined })}>
        {words.later}
      </button>
    </nav>
  );
}
