/** The events of one page, drawn readable. */
import type { ResultOf } from '../../graph';
import { Moment } from '../../parts/moment';
import { spelled } from '../../parts/labels';
import { Sheet } from '../../parts/sheet';
import { written } from '../../parts/value';
import { said, useLanguage, useSpoken } from '../../words';
import type { Events } from './asked';
import { useNames } from './names';
import { words as spoken } from './words';

type Event = NonNullable<ResultOf<typeof Events>['auditEvents']>['nodes'][number];

function Details({ of, name }: { of: unknown; name(key: string): string }) {
  const words = useSpoken(spoken);
  const { words: all, language } = useLanguage();
  const entries = Object.entries((of ?? {}) as Record<string, unknown>).filter(([, value]) => value !== null);
  if (entries.length === 0) return null;
  return (
    <dl className="told">
      {entries.map(([key, value]) => (
        <div key={key}><dt>{words.keys[key] ?? spelled(key)}</dt><dd>{written(value, { language, words: all, called: name })}</dd></div>
      ))}
    </dl>
  );
}

function Who({ event }: { event: Event }) {
  const words = useSpoken(spoken);
  return (
    <>
      {event.user?.displayName ?? (event.client ? '' : words.house)}
      {event.client && <span className="quiet"> {said(words.throughClient, { client: event.client })}</span>}
    </>
  );
}

export function EventSheet({ events }: { events: readonly Event[] }) {
  const words = useSpoken(spoken);
  const name = useNames(events);
  return (
    <Sheet title={words.title} heads={[words.seq, words.at, words.kind, words.who, words.subject, words.details]}>
      {events.map((each) => (
        <tr key={each.id}>
          <th scope="row">{each.seq}</th>
          <td><Moment at={each.at} /></td>
          <td>{words.kinds[each.kind ?? ''] ?? each.kind}</td>
          <td><Who event={each} /></td>
          <td className="subject">{each.subject && name(each.subject)}</td>
          <td>
            <Details of={each.details} name={name} />
            <details>
              <summary className="quiet">{words.chain}</summary>
              <dl className="told">
                <div><dt>{words.hash}</dt><dd><code>{each.hash}</code></dd></div>
                {each.requestId && <div><dt>{words.request}</dt><dd><code>{each.requestId}</code></dd></div>}
              </dl>
            </details>
          </td>
        </tr>
      ))}
    </Sheet>
  );
}
