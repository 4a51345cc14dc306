/** What each role alone is shown: of which type, which field, and how. */
import { useMemo } from 'react';
import { useQuery } from 'urql';

import { graphql } from '../../graph';
import { useAddress } from '../../parts/address';
import { useLabels } from '../../parts/labels';
import { Failed, Loading } from '../../parts/states';
import { useTerms, type Terms } from '../../parts/terms';
import { useSpoken } from '../../words';
import { Filtering } from './filtering';
import { Grid, type Role } from './grid';
import { useLines } from './lines';
import { rowsOf } from './rows';
import { useComparing } from './comparing';
import { Why } from './why';
import { words as spoken } from './words';

const OfVersion = graphql(`
  query MatrixOf($version: Int) { policy(version: $version) { id number status version roles { code name includes } } }
`);

const FRESH = { additionalTypenames: ['PolicyVersion'], requestPolicy: 'cache-and-network' as const };

export default function MatrixPage() {
  const words = useSpoken(spoken);
  const [{ version }] = useAddress();
  const terms = useTerms();
  const [{ data, error, fetching }, ask] = useQuery({ query: OfVersion, variables: { version: version ? Number(version) : null }, context: FRESH });
  const policy = data?.policy;
  return (
    <>
      <h1>{words.title}</h1>
      {error && <Failed error={error} again={() => ask({ requestPolicy: 'network-only' })} />}
      {(!data || !terms) && (fetching || !data) && <Loading />}
      {data && !policy && <p>{words.withheld}</p>}
      {policy && !policy.roles && <p>{words.unreadable}</p>}
      {policy?.roles && terms && <Matrix terms={terms} version={policy.number} status={policy.status} state={policy.version ?? null} roles={policy.roles} />}
    </>
  );
}

export type OfRole = Role & { includes: readonly string[] };

interface Given {
  terms: Terms;
  version: number;
  status: string;
  state: number | null;
  roles: readonly OfRole[];
}

function Matrix({ terms, version, status, state, roles }: Given) {
  const words = useSpoken(spoken);
  const [address, change] = useAddress();
  const { role, type, text, cell } = address;
  const label = useAllLabels(terms);
  const own = useLines(version, state);
  const against = useLines(Number(address['against']) || null, null);
  const filtered = useMemo(() => rowsOf(terms, { class: address['class'], type, text }, label), [terms, address['class'], type, text, label]);
  const chosen = useMemo(
    () => roles.filter(({ code, name }) => `${code} ${name}`.toLowerCase().includes((role ?? '').toLowerCase())),
    [roles, role],
  );
  const comparing = useComparing({ terms, version, roles, shown: chosen, rows: filtered, store: own.store, told: own.told });
  const [ofRole, ofType, ofField] = cell?.split('/') ?? [];
  const open = roles.find(({ code }) => code === decodeURIComponent(ofRole ?? ''));
  return (
    <>
      <Filtering terms={terms} version={version} roles={roles} />
      <Legend />
      {comparing.rows.length === 0 || comparing.roles.length === 0
        ? <p>{comparing.waiting ? words.comparing : words.nothing}</p>
        : own.store && (
          <Grid
            rows={comparing.rows} roles={comparing.roles} store={own.store} other={against.store} told={own.told + against.told} label={label}
            onOpen={(row, { code }) => change({ cell: `${encodeURIComponent(code)}/${row.type}/${row.field}` })}
          />
        )}
      {own.store?.failure && <p role="alert" className="failed">{words.failed}</p>}
      {open && ofType && ofField && (
        <Why
          version={version} status={status} role={open} roles={roles} type={ofType} field={ofField} terms={terms} against={Number(address['against']) || null}
          onClose={() => change({ cell: undefined })}
        />
      )}
    </>
  );
}

/** So many types are asked for their labels in one operation. */
const LABELLED = 20;

/** What fields of all types are called. */
function useAllLabels(terms: Terms): (type: string, field: string) => string {
  const names = useMemo(() => terms.types.map(({ name }) => name), [terms]);
  const part = (at: number) => names.slice(at * LABELLED, (at + 1) * LABELLED);
  const filled = (types: string[]) => (types.length > 0 ? types : names.slice(0, 1));
  const [one, two, three] = [useLabels(filled(part(0))), useLabels(filled(part(1))), useLabels(filled(part(2)))];
  return useMemo(() => {
    const places = new Map(names.map((name, at) => [name, [one, two, three][Math.floor(at / LABELLED)] ?? one]));
    return (type, field) => (places.get(type) ?? one).field(type, field);
  }, [names, one, two, three]);
}

function Legend() {
  const words = useSpoken(spoken);
  return (
    <p className="signs quiet">
      {Object.entries({ PLAIN: '●', MASKED: '◐', CONDITIONAL: '◇', WITHHELD: '–' }).map(([name, sign]) => (
        <span key={name}><span aria-hidden="true">{sign}</span> {words.meanings[name]}</span>
      ))}
    </p>
  );
}
