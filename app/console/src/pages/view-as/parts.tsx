/** The parts of a customer's page, as people see them side by side. */
import { useId, type ReactNode } from 'react';

import { useAddress } from '../../parts/address';
import { spelled } from '../../parts/labels';
import { written } from '../../parts/value';
import { said, useLanguage, useSpoken } from '../../words';
import { useTypeName } from '../../words/types';
import { FIGURE_NAMES } from './figures';
import type { Entry, Line, Part, Rec } from './cells';
import { Lines, Mark, RecordLines, useWhy } from './lines';
import { Sign } from './signs';
import { words as spoken } from './words';

export function Table({ title, names, children }: { title: string; names: readonly string[]; children: ReactNode }) {
  const words = useSpoken(spoken);
  return (
    <div className="wide" role="region" aria-label={title} tabIndex={0}>
      <table className="seen">
        <thead>
          <tr><th scope="col">{words.field}</th>{names.map((name, at) => <th key={at} scope="col">{name}</th>)}</tr>
        </thead>
        {children}
      </table>
    </div>
  );
}

/** Whether each sees a row; a click says why. */
function Heading({ record, names, children }: { record: { id: string; seen: readonly boolean[]; differs: boolean }; names: readonly string[]; children: ReactNode }) {
  const words = useSpoken(spoken);
  const why = useWhy(record.id);
  return (
    <tr className="record">
      <th scope="rowgroup">{children} <Mark differs={record.differs} /></th>
      {record.seen.map((isSeen, who) => (
        <td key={who}>
          <button type="button" className="cell" aria-label={`${said(words.whyRow, { name: names[who]! })}: ${isSeen ? words.seen : words.how.unseen}`} onClick={() => why(who, '')}>
            {isSeen ? <span className="quiet">{words.seen}</span> : <Sign how="unseen" />}
          </button>
        </td>
      ))}
    </tr>
  );
}

export function Itself({ record, names }: { record: Rec; names: readonly string[] }) {
  const words = useSpoken(spoken);
  return (
    <section>
      <h2>{words.itself}</h2>
      <Table title={words.itself} names={names}>
        <tbody>
          <RecordLines record={record}><Heading record={record} names={names}>{words.rowIs}</Heading></RecordLines>
        </tbody>
      </Table>
    </section>
  );
}

export function Figures({ lines, names }: { lines: readonly Line[]; names: readonly string[] }) {
  const words = useSpoken(spoken);
  const { words: all, language } = useLanguage();
  const { differences } = useAddress()[0];
  if (differences && !lines.some((each) => each.differs)) return null;
  return (
    <section>
      <h2>{words.figures}</h2>
      <Table title={words.figures} names={names}>
        <tbody>
          <Lines lines={lines} label={(field) => FIGURE_NAMES[language][field] ?? spelled(field)} text={(_, value) => written(value, { language, words: all })} />
        </tbody>
      </Table>
    </section>
  );
}

export function Rows({ part, names, rows }: { part: Part; names: readonly string[]; rows: number }) {
  const words = useSpoken(spoken);
  const { words: all, language } = useLanguage();
  const { differences } = useAddress()[0];
  const id = useId();
  const shown = part.records.filter((each) => each.differs || !differences);
  if (differences && shown.length === 0) return null;
  return (
    <details open={Boolean(differences)} className="part">
      <summary id={id}>
        <h2>{words.lists[part.name]}</h2> <Mark differs={part.records.some((each) => each.differs)} />
        <span className="quiet">{names.map((name, who) => said(words.counted, { name, n: part.counts[who]!, of: part.yours })).join(' · ')}</span>
      </summary>
      {part.records.length === 0 ? <p>{words.noRows}</p> : (
        <Table title={words.lists[part.name]!} names={names}>
          {shown.map((record) => (
            <tbody key={record.id}>
              <RecordLines record={record}>
                <Heading record={record} names={names}>{written(record.title, { language, words: all }) || words.empty}</Heading>
              </RecordLines>
            </tbody>
          ))}
        </Table>
      )}
      {part.yours > rows && <p className="quiet">{said(words.rows, { n: rows })}</p>}
    </details>
  );
}

export function Happened({ entries, names }: { entries: readonly Entry[]; names: readonly string[] }) {
  const words = useSpoken(spoken);
  const { words: all, language } = useLanguage();
  const typeName = useTypeName();
  const { differences } = useAddress()[0];
  const shown = entries.filter((each) => each.differs || !differences);
  if (differences && shown.length === 0) return null;
  return (
    <details open={Boolean(differences)} className="part">
      <summary><h2>{words.timeline}</h2> <Mark differs={entries.some((each) => each.differs)} /></summary>
      {entries.length === 0 ? <p>{words.noRows}</p> : (
        <Table title={words.timeline} names={names}>
          <tbody>
            {shown.map((each) => (
              <Heading key={each.id} record={each} names={names}>
                <span className="quiet">{written(each.at, { language, words: all })}</span> {typeName(each.type)} {each.what && `· ${each.what}`}
              </Heading>
            ))}
          </tbody>
        </Table>
      )}
    </details>
  );
}
