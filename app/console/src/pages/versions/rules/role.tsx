/** A role: its rules in sentences, how they are written beside them, and, in a draft, the ways to change them. */
import { useEffect, useRef } from 'react';
import { Link } from 'wouter';

import type { VersionRolesQuery } from '../../../generated/graphql';
import { useAddress } from '../../../parts/address';
import { named, ruleInWords, usePhrases, type Rule } from '../../../parts/sentences';
import { Failed } from '../../../parts/states';
import { useSpoken, useWords } from '../../../words';
import { RuleRemove } from '../asking';
import { useChanging } from '../changing';
import { mayChange, type Version } from '../head';
import { Hindrances } from '../hindrances';
import { Undoing } from '../undoing';
import { RoleHead } from './role-head';
import { words as spoken } from './words';
import { Written } from './written';

export type Role = NonNullable<NonNullable<VersionRolesQuery['policy']>['roles']>[number];

export function RoleView({ version, role, text }: { version: Version; role: Role; text: string }) {
  const words = useSpoken(spoken);
  const may = mayChange(version);
  return (
    <>
      <RoleHead version={version} role={role} />
      <div className="beside">
        <section>
          <h3>{words.rules}</h3>
          <Rules version={version} role={role} />
          {may && (
            <div className="actions">
              <Link className="button first" href={`/versions/${version.number}/rules/${encodeURIComponent(role.code)}/new`}>{words.newRule}</Link>
              <Undoing draft={version} />
            </div>
          )}
        </section>
        <Written version={version} file={role.file} text={text} />
      </div>
    </>
  );
}

function Rules({ version, role }: { version: Version; role: Role }) {
  const words = useSpoken(spoken);
  const [{ on, rule: marked }, change] = useAddress();
  const rules = role.rules.map((each) => ({ ...each, rule: each.rule as Rule }));
  const types = [...new Set(rules.flatMap(({ rule }) => named(rule.on)))].filter((each) => each !== 'all').sort();
  const about = (rule: Rule) => !on || named(rule.on).some((each) => each === 'all' || each === on);
  const shown = rules.filter(({ rule }) => about(rule));
  return (
    <>
      {types.length > 1 && (
        <div className="filters">
          <label>{words.onlyOn}
            <select value={on ?? ''} onChange={(event) => change({ on: event.target.value })}>
              <option value="">{words.allTypes}</option>
              {types.map((each) => <option key={each}>{each}</option>)}
            </select>
          </label>
        </div>
      )}
      {shown.length === 0 && <p className="quiet">{words.noRules}</p>}
      <ol className="rule-list">
        {shown.map(({ index, rule, line }) => (
          <OneRule key={`${index} ${line}`} version={version} role={role} index={index} rule={rule} isMarked={marked === String(index)} />
        ))}
      </ol>
      {role.includes.length > 0 && (
        <p className="quiet">{words.alsoRulesOf}{' '}
          {role.includes.map((code) => <Link key={code} href={`/versions/${version.number}/rules/${encodeURIComponent(code)}`}>{code}</Link>)}
        </p>
      )}
    </>
  );
}

interface One {
  version: Version;
  role: Role;
  index: number;
  rule: Rule;
  isMarked: boolean;
}

function OneRule({ version, role, index, rule, isMarked }: One) {
  const words = useSpoken(spoken);
  const common = useWords();
  const phrases = usePhrases();
  const { change, busy, refusals, failure, others, settle } = useChanging(version);
  const place = useRef<HTMLLIElement>(null);
  useEffect(() => { if (isMarked) place.current?.scrollIntoView({ block: 'center' }); }, [isMarked]);
  const remove = () => void change(RuleRemove, { role: role.code, index } as never, version.version ?? null, [role.code]);
  return (
    <li ref={place} className={`${rule.deny?.length ? 'deny' : 'allow'}${isMarked ? ' marked' : ''}`}>
      <p>{ruleInWords(rule, phrases)}</p>
      {mayChange(version) && (
        <div className="actions">
          <Link className="button" href={`/versions/${version.number}/rules/${encodeURIComponent(role.code)}/${index}`}>{common.change}</Link>
          <button type="button" disabled={busy} onClick={remove}>{common.remove}</button>
        </div>
      )}
      <Hindrances of={refusals} number={version.number} />
      {failure && <Failed error={failure} again={remove} />}
      {others && <p role="alert" className="failed">{words.changedFirst} <button type="button" onClick={settle}>{common.close}</button></p>}
    </li>
  );
}
