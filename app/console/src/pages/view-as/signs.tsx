/** How a cell is seen: a sign and a word, besides its colour. */
import { useSpoken } from '../../words';
import type { How } from './cells';
import { words as spoken } from './words';

const SHAPES: Record<Exclude<How, 'plain'>, string> = {
  masked: 'M2 8h1.5M6 8h1.5M10 8h1.5M14 8h.1',
  withheld: 'M4 7h8v6H4zM5.5 7V5a2.5 2.5 0 0 1 5 0v2',
  beyond: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 6.2v.1M8 8v2.2',
  unseen: 'M2.5 2.5l11 11M1.5 8S4 3.5 8 3.5c1 0 1.900 .3 2.700 .7M14.500 8S12 12.500 8 12.500',
};

export function Sign({ how }: { how: Exclude<How, 'plain'> }) {
  const words = useSpoken(spoken);
  return (
    <span className={`sign ${how}`}>
      <svg viewBox="0 0 16 16" aria-hidden="true"><path d={SHAPES[how]} /></svg>
      <span>{words.how[how]}</span>
    </span>
  );
}

export function Legend() {
  const words = useSpoken(spoken);
  return (
    <p className="legend quiet" aria-label={words.legend}>
      {(Object.keys(SHAPES) as Exclude<How, 'plain'>[]).map((how) => <Sign key={how} how={how} />)}
      <span className="sign differs"><b aria-hidden="true">≠</b><span>{words.differs}</span></span>
    </p>
  );
}
