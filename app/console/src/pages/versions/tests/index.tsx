/** The tests of a version: a table of who is to see what of which record; typed into, and run. */
import { useState } from 'react';

import { useAddress } from '../../../parts/address';
import { Asked } from '../../../parts/asked';
import { Sheet } from '../../../parts/sheet';
import { Failed } from '../../../parts/states';
import type { Page } from '../../../places';
import { said, useSpoken } from '../../../words';
import { FRESH, Tables } from '../asking';
import { Findings, useTestRun, type Finding } from '../checks';
import { mayChange, OfVersion, type Version } from '../head';
import { Undoing } from '../undoing';
import { COLUMNS, type Table } from './case';
import { CaseRow } from './row';
import './style.css';
import { words as spoken } from './words';
import { WrittenTests } from './written';

const TestsPage: Page = ({ params }) => (
  <OfVersion number={Number(params['number'])}>
    {(version) => (
      <Asked query={Tables} variables={{ number: version.number }} context={FRESH}>
        {({ policy }) => policy && (
          <Tests version={{ ...version, version: policy.version ?? null }} tables={(policy.tables ?? {}) as Record<string, Table | null>} texts={policy.tests} />
        )}
      </Asked>
    )}
  </OfVersion>
);

interface Given {
  version: Version;
  tables: Record<string, Table | null>;
  texts: readonly { name: string; text: string }[];
}

const EMPTY: Table = { people: {}, cases: [] };

function Tests({ version, tables, texts }: Given) {
  const words = useSpoken(spoken);
  const [{ file: named }, change] = useAddress();
  const files = Object.keys(tables);
  const file = named ?? files[0];
  const may = mayChange(version);
  const { busy, failure, found, test } = useTestRun(version.number, null);
  const bad = (found?.failed.length ?? 0) + (found?.faults.length ?? 0);
  return (
    <>
      <div className="filters">
        <label>{words.table}
          <select value={file ?? ''} onChange={(event) => change({ file: event.target.value, line: undefined })}>
            {[...new Set([...files, ...(file ? [file] : [])])].map((name) => <option key={name}>{name}</option>)}
          </select>
        </label>
        {may && <NewTable onName={(name) => change({ file: name, line: undefined })} />}
        <button type="button" className="first" disabled={busy} onClick={() => void test()}>{busy ? words.running : words.run}</button>
        {may && <Undoing draft={version} />}
      </div>
      {failure && <Failed error={failure} again={() => void test()} />}
      {found && (
        <p role="status" className={bad > 0 ? 'failed' : 'good'}>{said(bad > 0 ? words.failed : words.pass, { cases: found.cases, failed: found.failed.length })}</p>
      )}
      {found && bad > 0 && <Findings of={[...found.faults, ...found.failed].filter((each) => each.file !== `tests/${file}`)} number={version.number} />}
      {file && tables[file] === null && <p className="failed">{words.noTable}</p>}
      {file && tables[file] !== null && (
        <OneTable
          key={file} version={version} file={file} table={tables[file] ?? EMPTY} may={may}
          failed={(found?.failed ?? []).filter((each) => each.file === `tests/${file}`)}
        />
      )}
      {file && <WrittenTests key={`text ${file}`} version={version} file={file} text={texts.find(({ name }) => name === file)?.text ?? ''} may={may} />}
    </>
  );
}

function NewTable({ onName }: { onName(name: string): void }) {
  const words = useSpoken(spoken);
  const [name, setName] = useState('');
  return (
    <form className="actions" onSubmit={(event) => { event.preventDefault(); onName(name); setName(''); }}>
      <label>{words.newTable}
        <input value={name} required pattern="[A-Za-z0-9][A-Za-z0-9_.\-]*\.ya?ml" placeholder="my_team.yaml" onChange={(event) => setName(event.target.value)} />
      </label>
    </form>
  );
}

interface OfTable {
  version: Version;
  file: string;
  table: Table;
  may: boolean;
  failed: readonly Finding[];
}

const MOST = 100;

function OneTable({ version, file, table, may, failed }: OfTable) {
  const words = useSpoken(spoken);
  const [{ line }] = useAddress();
  const [most, setMost] = useState(MOST);
  const last = table.cases.findLast((each) => each.line <= Number(line))?.line;
  return (
    <>
      <datalist id={`people-${file}`}>{Object.keys(table.people).map((name) => <option key={name} value={name} />)}</datalist>
      <People of={table.people} />
      <div className="cases">
        <Sheet title={file} heads={[words.line, ...COLUMNS.map((name) => words.columns[name]), words.done]}>
          {table.cases.slice(0, most).map(({ case: of, line: at }, index) => (
            <CaseRow
              key={`${index} ${table.cases.length}`} version={version} file={file} table={table} index={index} of={of} line={at} mayChange={may}
              failed={failed.filter((each) => each.line === at)} isFaulty={last === at}
            />
          ))}
          {may && (
            <CaseRow
              key="new" version={version} file={file} table={table} index={null} of={null} line={0} mayChange failed={[]} isFaulty={false}
            />
          )}
        </Sheet>
      </div>
      {table.cases.length > most && <button type="button" onClick={() => setMost(most + MOST)}>{said(words.more, { n: table.cases.length - most })}</button>}
    </>
  );
}

function People({ of }: { of: Table['people'] }) {
  const words = useSpoken(spoken);
  const names = Object.entries(of);
  if (names.length === 0) return null;
  return (
    <p className="quiet">{words.people}{' '}
      {names.map(([name, { role, roles }]) => `${name} (${role ?? roles?.map((each) => each.role).join(', ') ?? ''})`).join(' · ')}
    </p>
  );
}

export default TestsPage;
