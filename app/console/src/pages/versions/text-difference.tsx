/** What became of a text, line by line; of what stayed the same, a few lines. */
import type { Piece } from '../../parts/lines';
import { said, useSpoken } from '../../words';
import { words as spoken } from './words';

const AROUND = 3;
const SIGN = { same: ' ', gone: '−', new: '+' } as const;

export function TextDifference({ name, pieces }: { name: string; pieces: readonly Piece[] }) {
  const words = useSpoken(spoken);
  const count = (is: Piece['is']) => pieces.filter((each) => each.is === is).reduce((sum, { lines }) => sum + lines.length, 0);
  return (
    <details open>
      <summary>{name} <span className="quiet">{said(words.lines, { gone: count('gone'), come: count('new') })}</span></summary>
      <pre className="lines" tabIndex={0} aria-label={name}>
        {pieces.map((piece, place) => <Lines key={place} of={piece} isFirst={place === 0} isLast={place === pieces.length - 1} />)}
      </pre>
    </details>
  );
}

function Lines({ of: { is, lines }, isFirst, isLast }: { of: Piece; isFirst: boolean; isLast: boolean }) {
  const words = useSpoken(spoken);
  if (is === 'same' && lines.length > 2 * AROUND + 1) {
    const [head, tail] = [isFirst ? [] : lines.slice(0, AROUND), isLast ? [] : lines.slice(-AROUND)];
    const left = said(words.sameLines, { n: lines.length - head.length - tail.length });
    return <>{head.map(line)}<span className="left">{`⋯ ${left}\n`}</span>{tail.map(line)}</>;
  }
  const text = lines.map((each) => `${SIGN[is]} ${each}\n`).join('');
  if (is === 'gone') return <del>{text}</del>;
  return is === 'new' ? <ins>{text}</ins> : text;
}

const line = (text: string) => `  ${text}\n`;
