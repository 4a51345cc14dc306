/** What is filtered as a file: asked page by page, and written as it comes. */
import { useRef, useState } from 'react';
import { useClient, type Client } from 'urql';

import type { AuditEventWhere } from '../../generated/graphql';
import type { ResultOf } from '../../graph';
import { cell, save } from '../../parts/saving';
import { Failed } from '../../parts/states';
import { said, useSpoken } from '../../words';
import { Events, useWhere } from './asked';
import { words as spoken } from './words';

type Event = NonNullable<ResultOf<typeof Events>['auditEvents']>['nodes'][number];
const PAGE = 100;
const COLUMNS = ['seq', 'at', 'kind', 'user', 'client', 'subject', 'details', 'requestId', 'hash'] as const;

const flat = (event: Event) => ({ ...event, user: event.user?.displayName ?? null });
const FORMATS = {
  CSV: {
    type: 'text/csv;charset=utf-8', head: `\uFEFF${COLUMNS.join(',')}\r\n`, between: '', end: '',
    line: (event: Event) => `${COLUMNS.map((name) => cell(flat(event)[name])).join(',')}\r\n`,
  },
  JSON: {
    type: 'application/json', head: '[\n', between: ',\n', end: '\n]\n',
    line: (event: Event) => JSON.stringify(Object.fromEntries(COLUMNS.map((name) => [name, flat(event)[name] ?? null]))),
  },
} as const;
type Format = keyof typeof FORMATS;

async function* pages(client: Client, where: AuditEventWhere) {
  let after: string | null = null;
  do {
    const answer: { data?: ResultOf<typeof Events>; error?: Error } = await client.query(Events, { where, first: PAGE, after }, { requestPolicy: 'network-only' }).toPromise();
    if (answer.error) throw answer.error;
    const found = answer.data?.auditEvents;
    if (!found) return;
    yield found;
    after = found.pageInfo.hasNextPage ? found.pageInfo.endCursor ?? null : null;
  } while (after);
}

export function Export() {
  const words = useSpoken(spoken);
  const client = useClient();
  const where = useWhere();
  const [state, setState] = useState<{ n: number; of: number } | Error | null>(null);
  const stopped = useRef(false);

  async function run(format: Format) {
    const { type, head, between, end, line } = FORMATS[format];
    const parts: string[] = [];
    let n = 0;
    stopped.current = false;
    setState({ n, of: 0 });
    try {
      for await (const page of pages(client, where)) {
        if (stopped.current) break;
        parts.push(...(parts.length && page.nodes.length ? [between] : []), page.nodes.map(line).join(between));
        setState({ n: n += page.nodes.length, of: page.totalCount });
      }
      if (!stopped.current) save(`audit.${format.toLowerCase()}`, type, [head, ...parts, end]);
      setState(null);
    } catch (failure) {
      setState(failure as Error);
    }
  }

  return (
    <section className="actions" aria-label={words.exported}>
      {state instanceof Error && <Failed error={state} again={() => setState(null)} />}
      {state && !(state instanceof Error) ? (
        <>
          <p role="status">{said(words.exporting, { n: state.n, of: state.of })}</p>
          <button type="button" onClick={() => { stopped.current = true; }}>{words.stop}</button>
        </>
      ) : (Object.keys(FORMATS) as Format[]).map((format) => (
        <button key={format} type="button" onClick={() => void run(format)}>{said(words.exportAs, { format })}</button>
      ))}
    </section>
  );
}
