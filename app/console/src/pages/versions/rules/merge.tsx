/** What somebody else made of the draft meanwhile, beside what is to be kept here: mine, theirs, or both. */
import { useEffect, useRef } from 'react';

import { Moment } from '../../../parts/moment';
import { ruleInWords, usePhrases, type Rule } from '../../../parts/sentences';
import { said, useSpoken } from '../../../words';
import type { Others } from '../changing';
import { met } from './meeting';
import type { Unsent } from './rule-form';
import { words as spoken } from './words';

interface Given {
  others: Others;
  role: string;
  mine: Rule;
  unsent: Unsent;
  onSave(rule: Rule, index: number | null, state: number | null): Promise<void>;
  onLeave(): void;
}

export function Who({ others }: { others: Others }) {
  const words = useSpoken(spoken);
  const change = others.policyVersions?.nodes[0]?.changeHistory?.nodes[0];
  return <p>{said(words.changedMeanwhile, { who: change?.actor?.displayName ?? words.somebody })} <Moment at={change?.at} /></p>;
}

export function RuleMerge({ others, role, mine, unsent, onSave, onLeave }: Given) {
  const words = useSpoken(spoken);
  const phrases = usePhrases();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.focus(), []);
  const state = others.policy?.version ?? null;
  const theirs = others.policy?.roles?.find(({ code }) => code === role);
  if (!theirs) return <div role="alert" className="failed"><Who others={others} /><p>{words.roleGone}</p></div>;
  const meeting = met(unsent, mine, theirs.rules.map((each) => each.rule as Rule));
  const both = () => void onSave(meeting.both.rule, meeting.both.index, state);
  return (
    <div className="step" role="alert" tabIndex={-1} ref={place}>
      <h3>{words.merge}</h3>
      <Who others={others} />
      {meeting.changes.length > 0 && (
        <>
          <p>{words.theyChanged}</p>
          <ul>{meeting.changes.map(({ is, rule }, at) => <li key={at}>{words.became[is]} {ruleInWords(rule, phrases)}</li>)}</ul>
        </>
      )}
      {meeting.changes.length === 0 && <p>{words.theyChangedOthers}</p>}
      <div className="sides">
        <div><h4>{words.mine}</h4><p>{ruleInWords(mine, phrases)}</p></div>
        <div><h4>{words.theirs}</h4><p>{meeting.theirs ? ruleInWords(meeting.theirs, phrases) : unsent.was ? words.removedByThem : words.nothingOfIt}</p></div>
        <div><h4>{words.both}</h4><p>{ruleInWords(meeting.both.rule, phrases)}</p><p className="quiet">{words.howBoth[meeting.both.how]}</p></div>
      </div>
      <div className="actions">
        <button type="button" className="first" onClick={both}>{words.takeBoth}</button>
        <button type="button" onClick={() => void onSave(mine, meeting.index, state)}>{words.takeMine}</button>
        <button type="button" onClick={onLeave}>{words.takeTheirs}</button>
      </div>
    </div>
  );
}
