/** A row of the graph, field by field, as each person sees it. */
import type { ReactNode } from 'react';

import { useAddress } from '../../parts/address';
import { useLabels } from '../../parts/labels';
import { written } from '../../parts/value';
import { useLanguage, useSpoken } from '../../words';
import type { Cell, Line, Rec } from './cells';
import { Sign } from './signs';
import { words as spoken } from './words';

const DOTS = '••••••';

/** A cell, as it is seen; a click says why. */
function Seen({ cell, text, onWhy }: { cell: Cell; text: string; onWhy?: () => void }) {
  const words = useSpoken(spoken);
  const shown = cell.how === 'withheld' ? <span aria-hidden="true">{DOTS}</span>
    : text || (cell.how === 'plain' || cell.how === 'masked' ? <span className="quiet">{words.empty}</span> : null);
  if (cell.how === 'unseen') return <span className="cell quiet" ><span aria-hidden="true">–</span><span className="unheard">{words.how.unseen}</span></span>;
  const inside = <>{cell.how !== 'plain' && <Sign how={cell.how} />}{shown}</>;
  return onWhy ? <button type="button" className="cell" onClick={onWhy}>{inside}</button> : <span className="cell">{inside}</span>;
}

export function Mark({ differs }: { differs: boolean }) {
  const words = useSpoken(spoken);
  return differs ? <b className="mark" role="img" aria-label={words.differs} title={words.differs}>≠</b> : null;
}

interface Asked {
  lines: readonly Line[];
  label(field: string): string;
  text(field: string, value: unknown): string;
  onWhy?(who: number, field: string): void;
}

export function Lines({ lines, label, text, onWhy }: Asked) {
  const [{ differences }] = useAddress();
  return lines.filter((each) => each.differs || !differences).map(({ field, cells, differs }) => (
    <tr key={field} className={differs ? 'differs' : undefined}>
      <th scope="row">{label(field)} <Mark differs={differs} /></th>
      {cells.map((cell, who) => (
        <td key={who} className={cell.how}><Seen cell={cell} text={text(field, cell.value)} {...(onWhy && { onWhy: () => onWhy(who, field) })} /></td>
      ))}
    </tr>
  ));
}

/** Asks why somebody sees a row, or a field of it. */
export function useWhy(row: string) {
  const [, change] = useAddress();
  return (who: number, field: string) => change({ row, field, who: who === 0 ? 'a' : 'b' });
}

export function RecordLines({ record, children }: { record: Rec; children?: ReactNode }) {
  const { words, language } = useLanguage();
  const labels = useLabels([record.type]);
  const why = useWhy(record.id);
  return (
    <>
      {children}
      {record.seen.some(Boolean) && (
        <Lines
          lines={record.lines} onWhy={why} label={(field) => labels.field(record.type, field)}
          text={(field, value) => written(value, { language, words, called: (each) => labels.value(record.type, field, each) })}
        />
      )}
    </>
  );
}
