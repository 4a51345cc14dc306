/** Everything that stands in the way of a step at once, each with the way to where it is mended. */
import { Link } from 'wouter';

import type { Refusal } from '../../parts/mutating';
import { useSpoken } from '../../words';
import { words as spoken } from './words';

interface Place {
  file?: string;
  line?: number;
  check?: string;
  current?: number;
}

/** Where a fault of a document, or of a test, is mended. */
export function wayTo(number: number, { file, line, check }: Place): string | null {
  if (!file) return null;
  const isTest = check === 'test' || file.startsWith('tests/');
  const name = file.replace(/^tests\//, '');
  return `/versions/${number}/${isTest ? 'tests' : 'rules'}?file=${encodeURIComponent(name)}&line=${line ?? 1}`;
}

export function Hindrances({ of, number }: { of: readonly Refusal[]; number: number }) {
  const words = useSpoken(spoken);
  if (of.length === 0) return null;
  return (
    <div role="alert" className="failed">
      <p>{words.inTheWay}</p>
      <ul>{of.map((each, place) => <li key={place}><Hindrance of={each} number={number} /></li>)}</ul>
    </div>
  );
}

function Hindrance({ of, number }: { of: Refusal; number: number }) {
  const words = useSpoken(spoken);
  const place = (of.params ?? {}) as Place;
  const way = wayTo(number, place);
  const outdated = of.code === 'CONFLICT' && of.field?.[0] !== 'expectedVersion' && place.current;
  return (
    <>
      {of.message}{' '}
      {way && <Link href={way}>{words.goThere}</Link>}
      {outdated && <Link href={`/versions/${outdated}`}>{words.seeInForce}</Link>}
    </>
  );
}
