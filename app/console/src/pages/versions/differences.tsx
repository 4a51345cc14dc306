/** What differs between two versions, in sentences: roles and rules that came, went or changed. */
import { Asked } from '../../parts/asked';
import { ruleInWords, usePhrases, type Phrases, type Rule } from '../../parts/sentences';
import type { DiffQuery } from '../../generated/graphql';
import { said, useSpoken } from '../../words';
import { Diff, FRESH } from './asking';
import { words as spoken } from './words';

type Difference = NonNullable<DiffQuery['policyDiff']>[number];
const SIGNS: Record<string, string> = { ADDED: '+', REMOVED: '−', CHANGED: '~' };

export function Differences({ a, b }: { a: number; b: number }) {
  const words = useSpoken(spoken);
  return (
    <Asked query={Diff} variables={{ a, b }} context={FRESH}>
      {({ policyDiff }) => {
        if (!policyDiff) return <p>{words.notCompared}</p>;
        if (policyDiff.length === 0) return <p>{said(words.noDifference, { a, b })}</p>;
        const roles = [...new Set(policyDiff.map(({ role }) => role))];
        return roles.map((role) => (
          <section key={role} className="differences">
            <h3>{role}</h3>
            <ul>{policyDiff.filter((each) => each.role === role).map((each, place) => <One key={place} of={each} />)}</ul>
          </section>
        ));
      }}
    </Asked>
  );
}

function One({ of }: { of: Difference }) {
  const words = useSpoken(spoken);
  const phrases = usePhrases();
  const what = of.change.split('_').at(-1) ?? '';
  return (
    <li className={`change ${what}`}>
      <span className="plus" aria-hidden="true">{SIGNS[what]}</span>
      <div>
        <strong>{words.changes[of.change] ?? of.change}</strong>
        {of.change.startsWith('RULE') ? <RuleSides of={of} phrases={phrases} /> : <HeadSides of={of} />}
      </div>
    </li>
  );
}

function RuleSides({ of, phrases }: { of: Difference; phrases: Phrases }) {
  const words = useSpoken(spoken);
  const [before, after] = [of.before, of.after] as [Rule | null, Rule | null];
  return (
    <>
      {after && <p>{ruleInWords(after, phrases)}</p>}
      {before && <p className={after ? 'quiet' : ''}>{after && `${words.before} `}{ruleInWords(before, phrases)}</p>}
    </>
  );
}

function HeadSides({ of }: { of: Difference }) {
  const words = useSpoken(spoken);
  const [before, after] = [of.before, of.after] as [Record<string, unknown> | null, Record<string, unknown> | null];
  const text = (value: unknown) => Array.isArray(value) ? value.join(', ') || '–' : String(value ?? '–');
  if (!before || !after) return null;
  return (
    <>
      {Object.keys(after).map((name) => (
        <p key={name}>{words.heads[name] ?? name}: {text(before[name])} → {text(after[name])}</p>
      ))}
    </>
  );
}
