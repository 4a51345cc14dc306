/** What lint finds of a version, and what its tests come to: asked anew whenever it changes. */
import { useEffect, useState } from 'react';
import { Link } from 'wouter';

import { Asked } from '../../parts/asked';
import { useMutating } from '../../parts/mutating';
import { Failed, Loading } from '../../parts/states';
import { said, useSpoken } from '../../words';
import { FRESH, Lint, TestRun } from './asking';
import { wayTo } from './hindrances';
import { meanings } from './meanings';
import { words as spoken } from './words';

export interface Finding {
  check: string;
  severity: string;
  file: string;
  line: number;
  column: number;
  role: string;
  message: string;
}

export function Findings({ of, number }: { of: readonly Finding[]; number: number }) {
  const words = useSpoken(spoken);
  const meaning = useSpoken(meanings);
  return (
    <ul className="findings">
      {of.map((each, place) => {
        const way = wayTo(number, each);
        return (
          <li key={place}>
            <strong className={each.severity === 'error' ? 'failed' : 'warned'}>{words.severities[each.severity] ?? each.severity}</strong>{' '}
            {each.role && <>{each.role}: </>}{meaning[each.check]} <span className="quiet">{each.message}</span>{' '}
            {way && <Link href={way}>{each.file}:{each.line}</Link>}
          </li>
        );
      })}
    </ul>
  );
}

export function LintOf({ number }: { number: number }) {
  const words = useSpoken(spoken);
  return (
    <section>
      <h2>{words.lint}</h2>
      <Asked query={Lint} variables={{ number }} context={FRESH}>
        {({ policyLint }) => !policyLint ? <p>{words.withheld}</p> : policyLint.length === 0
          ? <p className="good">{words.nothingFound}</p>
          : <Findings of={policyLint} number={number} />}
      </Asked>
    </section>
  );
}

/** Runs the tests of a version by itself once for each state of it. */
export function useTestRun(number: number, state: number | null) {
  const { busy, failure, run } = useMutating();
  const [found, setFound] = useState<{ cases: number; failed: readonly Finding[]; faults: readonly Finding[] } | null>(null);
  async function test() {
    const payload = await run(TestRun, { input: { version: number } });
    if (!payload) return;
    const findings = payload.findings ?? [];
    const faults = findings.filter(({ check, file }) => check === 'fault' && file.startsWith('tests/'));
    setFound({ cases: payload.cases ?? 0, failed: findings.filter(({ check }) => check === 'test'), faults });
  }
  useEffect(() => { if (state !== null) void test(); }, [number, state]);
  return { busy, failure, found, test };
}

export function TestsOf({ number, state }: { number: number; state: number | null }) {
  const words = useSpoken(spoken);
  const { busy, failure, found, test } = useTestRun(number, state);
  const bad = [...(found?.faults ?? []), ...(found?.failed ?? [])];
  return (
    <section>
      <h2>{words.tests}</h2>
      {busy && !found && <Loading />}
      {failure && <Failed error={failure} again={() => void test()} />}
      {found && <p className={bad.length > 0 ? 'failed' : 'good'}>{said(bad.length > 0 ? words.testsFailed : words.testsPass, { cases: found.cases, failed: found.failed.length })}</p>}
      {bad.length > 0 && <Findings of={bad} number={number} />}
      <p className="actions">
        <button type="button" disabled={busy} onClick={() => void test()}>{words.runTests}</button>
        <Link href={`/versions/${number}/tests`}>{words.seeTests}</Link>
      </p>
    </section>
  );
}
