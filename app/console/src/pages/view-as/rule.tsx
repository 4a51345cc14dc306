/** A rule that speaks, in words: what it gives, on which condition, and what was compared. */
import { useLabels, type Labels } from '../../parts/labels';
import { useRoles } from '../../parts/roles';
import { written } from '../../parts/value';
import { said, useLanguage, useSpoken } from '../../words';
import { words as spoken } from './words';

export interface Condition {
  depth: number; text: string; truth?: string | null; becomes?: boolean | null; state?: string | null; value?: unknown; operand?: unknown;
  met?: number | null; of?: number | null;
}
export interface Told {
  effect: string; gives: string; role: string; ceiling: number; when: string; file: string; line: number; holds?: boolean | null;
  conditions: readonly Condition[];
}

const TOKENS = /\$[\w.]+|\w+|[^\w$]+|\$/g;

/** A condition in the language that is spoken, as far as its words are known. */
function useSpeech(type: string, labels: Labels): (text: string) => string {
  const { speech } = useSpoken(spoken);
  return (text) => (text.match(TOKENS) ?? []).map((token) => (
    speech[token] ?? (/^[a-z][A-Za-z]*$/.test(token) ? labels.field(type, token) : token)
  )).join('');
}

function Compared({ of }: { of: Condition }) {
  const words = useSpoken(spoken);
  const { words: all, language } = useLanguage();
  const text = (value: unknown) => written(value, { language, words: all });
  const said_ = [
    of.value !== null && of.value !== undefined && said(words.here, { value: text(of.value) }),
    of.operand !== null && of.operand !== undefined && said(words.against, { operand: text(of.operand) }),
    of.met !== null && of.met !== undefined && said(words.met, { met: of.met, of: of.of ?? 0 }),
  ].filter(Boolean);
  return said_.length > 0 && <span className="quiet"> ({said_.join('; ')})</span>;
}

function Conditions({ of, type }: { of: readonly Condition[]; type: string }) {
  const words = useSpoken(spoken);
  const speech = useSpeech(type, useLabels([type]));
  if (of.length === 0) return null;
  return (
    <ul className="conditions">
      {of.map((each, at) => (
        <li key={at} style={{ marginInlineStart: `${each.depth}rem` }}>
          {speech(each.text)}: <b className={`truth ${each.truth ?? ''}`}>
            {each.becomes === true ? words.becomes : each.becomes === false ? words.becomesNot : words.truth[each.truth ?? 'unknown']}
          </b>
          <Compared of={each} />
        </li>
      ))}
    </ul>
  );
}

export function Rule({ rule, type, wished }: { rule: Told; type: string; wished: boolean }) {
  const words = useSpoken(spoken);
  const gives = words.shows[rule.gives] ?? said(words.masks, { mask: rule.gives });
  const speech = useSpeech(type, useLabels([type]));
  const { name } = useRoles();
  const by = said(rule.ceiling === 0 ? words.byRole : words.byCeiling, { role: name(rule.role), n: rule.ceiling });
  return (
    <li>
      {wished ? <p>{said(words.grants, { role: name(rule.role), gives })}</p> : (
        <>
          <p>{by} {rule.effect === 'deny' ? words.denies : words.gives} {gives}</p>
          <p className={rule.holds ? 'holds' : undefined}>
            {rule.holds === true ? `✓ ${words.holds}` : rule.holds === false ? `✗ ${words.holdsNot}` : `? ${words.holdsUnknown}`}
          </p>
        </>
      )}
      {rule.when !== 'always' && rule.conditions.length > 0 ? <Conditions of={rule.conditions} type={type} /> : <p className="quiet">{speech(rule.when)}</p>}
      {rule.file && <p className="quiet"><code>{said(words.where, { file: rule.file, line: rule.line })}</code></p>}
    </li>
  );
}
