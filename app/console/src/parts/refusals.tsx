import { useWords } from '../words';

interface Refusal {
  message: string;
  path?: readonly string[] | null;
}

/** Why a mutation was refused: everything that stands in the way at once. */
export function Refusals({ of }: { of: readonly Refusal[] }) {
  const words = useWords();
  if (of.length === 0) return null;
  return (
    <div role="alert" className="failed">
      <p>{words.failed}</p>
      <ul>{of.map((each) => <li key={`${each.path?.join('.')} ${each.message}`}>{each.message}</li>)}</ul>
    </div>
  );
}
