/** A rule changed in a form: in sentences, with what lint would say of it, and never over what somebody else did meanwhile. */
import { useState } from 'react';
import { useQuery } from 'urql';
import { useLocation } from 'wouter';

import { useUnsent } from '../../../parts/unsent';
import { ruleInWords, usePhrases, type Rule } from '../../../parts/sentences';
import { Failed } from '../../../parts/states';
import { useTerms, type Terms } from '../../../parts/terms';
import { useSettled } from '../../../parts/waiting';
import { useSpoken, useWords } from '../../../words';
import { Lint, RuleSet } from '../asking';
import { useChanging } from '../changing';
import { Findings } from '../checks';
import type { Version } from '../head';
import { Hindrances } from '../hindrances';
import { ConditionEditor } from './condition';
import { FieldsEditor } from './fields';
import { RuleMerge } from './merge';
import { More } from './more';
import type { Role } from './role';
import { EMPTY, formOf, isReady, ruleOf, type Form } from './shape';
import { TypesEditor } from './types';
import { words as spoken } from './words';

/** What the form began with, and what it says now. */
export interface Unsent {
  state: number | null;
  index: number | null;
  was: Rule | null;
  rules: readonly Rule[];
  form: Form;
}

interface Given {
  version: Version;
  role: Role;
  index: number | null;
}

export function RuleForm({ version, role, index }: Given) {
  const words = useSpoken(spoken);
  const [unsent, keep] = useUnsent<Unsent>(`rule.${version.id}.${role.code}.${index ?? 'new'}`);
  const [begun] = useState<Unsent>(() => begin(version, role, index));
  const terms = useTerms();
  const [, go] = useLocation();
  const home = `/versions/${version.number}/rules/${encodeURIComponent(role.code)}`;
  const now = unsent ?? begun;
  const changing = useChanging(version);
  const rule = ruleOf(now.form, now.was);

  async function save(made: Rule, at: number | null, state: number | null) {
    const input = { role: role.code, ...(at !== null && { index: at }), rule: made };
    const done = await changing.change(RuleSet, input as never, state, [role.code]);
    if (done === null) return;
    keep(null);
    go(home);
  }

  function leave() {
    keep(null);
    go(home);
  }

  if (!terms) return null;
  return (
    <form className="rule" onSubmit={(event) => { event.preventDefault(); void save(rule, now.index, now.state); }}>
      <h2>{index === null ? words.newRule : words.changeRule}</h2>
      {unsent && <p className="quiet" role="status">{words.unsent}</p>}
      <Sentence rule={rule} form={now.form} />
      <div className="editing">
        <Parts terms={terms} form={now.form} onChange={(form) => keep({ ...now, form })} />
        <Live version={version} role={role} index={now.index} rule={isReady(now.form) ? rule : null} />
      </div>
      <Hindrances of={changing.refusals} number={version.number} />
      {changing.failure && <Failed error={changing.failure} again={() => void save(rule, now.index, now.state)} />}
      {changing.others && <RuleMerge others={changing.others} role={role.code} mine={rule} unsent={now} onSave={save} onLeave={leave} />}
      <Buttons busy={changing.busy} isReady={isReady(now.form)} onLeave={leave} />
    </form>
  );
}

function begin(version: Version, role: Role, index: number | null): Unsent {
  const rules = role.rules.map((each) => each.rule as Rule);
  const was = index === null ? null : rules[index] ?? null;
  return { state: version.version ?? null, index, was, rules, form: was ? formOf(was) : EMPTY };
}

function Sentence({ rule, form }: { rule: Rule; form: Form }) {
  const words = useSpoken(spoken);
  const phrases = usePhrases();
  return <p className="sentence" aria-live="polite">{form.on.length > 0 ? ruleInWords(rule, phrases) : words.nothingYet}</p>;
}

function Buttons({ busy, isReady: ready, onLeave }: { busy: boolean; isReady: boolean; onLeave(): void }) {
  const words = useSpoken(spoken);
  const common = useWords();
  return (
    <div className="actions sticky">
      <button type="submit" className="first" disabled={busy || !ready}>{words.saveRule}</button>
      <button type="button" onClick={onLeave}>{common.cancel}</button>
      {!ready && <span className="quiet">{words.notReady}</span>}
    </div>
  );
}

function Parts({ terms, form, onChange }: { terms: Terms; form: Form; onChange(form: Form): void }) {
  const words = useSpoken(spoken);
  const phrases = usePhrases();
  const set = (change: Partial<Form>) => onChange({ ...form, ...change });
  const act = (name: string, on: boolean) => set({ actions: on ? [...form.actions, name] : form.actions.filter((each) => each !== name) });
  return (
    <div className="parts">
      <fieldset>
        <legend>{words.effect}</legend>
        <div className="choose">
          {(['allow', 'deny'] as const).map((effect) => (
            <label key={effect} className="check">
              <input type="radio" name="effect" checked={form.effect === effect} onChange={() => set({ effect, ...(effect === 'deny' && { mask: null }) })} />
              {words.effects[effect]}
            </label>
          ))}
        </div>
        <div className="choose" role="group" aria-label={words.actions}>
          {terms.actions.map((name) => (
            <label key={name} className="check">
              <input type="checkbox" checked={form.actions.includes(name)} onChange={(event) => act(name, event.target.checked)} />{phrases.actions[name] ?? name}
            </label>
          ))}
        </div>
      </fieldset>
      <fieldset><legend>{words.on}</legend><TypesEditor terms={terms} on={form.on} onChange={(on) => set({ on })} /></fieldset>
      <fieldset><legend>{words.when}</legend><ConditionEditor terms={terms} on={form.on} condition={form.when} onChange={(when) => set({ when })} /></fieldset>
      <fieldset><legend>{words.fields}</legend><FieldsEditor terms={terms} form={form} onChange={onChange} /></fieldset>
      <More terms={terms} form={form} onChange={onChange} />
    </div>
  );
}

/** What lint would say, were the rule kept as it is now. */
function Live({ version, role, index, rule }: { version: Version; role: Role; index: number | null; rule: Rule | null }) {
  const words = useSpoken(spoken);
  const settled = useSettled(JSON.stringify(rule));
  const change = { role: role.code, ...(index !== null && { index }), rule: JSON.parse(settled) as unknown };
  const [{ data, fetching }] = useQuery({ query: Lint, variables: { number: version.number, with: change }, pause: settled === 'null' });
  const found = settled === 'null' ? [] : (data?.policyLint ?? []).filter((each) => each.check === 'fault' || each.role === role.code);
  return (
    <aside aria-label={words.lint}>
      <h3>{words.lint}</h3>
      {fetching ? <p className="quiet">{words.looking}</p> : found.length === 0 ? <p className="quiet">{words.nothingAmiss}</p> : null}
      <Findings of={found} number={version.number} />
    </aside>
  );
}
