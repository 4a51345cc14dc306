/** Why a role is shown a field as it is: on which records, and by which rules. */
import { Link } from 'wouter';

import { graphql } from '../../graph';
import { Asked } from '../../parts/asked';
import { Panel } from '../../parts/panel';
import { named, ruleInWords, usePhrases, type Rule } from '../../parts/sentences';
import type { Terms } from '../../parts/terms';
import { said, useSpoken } from '../../words';
import type { OfRole } from './matrix';
import { words as spoken } from './words';

const Cell = graphql(`
  query Cell($version: Int!, $role: String!, $resource: String!, $codes: [String!]!) {
    policy(version: $version) {
      matrix(roles: [$role], resources: [$resource]) { role resource rows cells { field shown mask when } }
      roles(codes: $codes) { code name rules { index rule } }
    }
  }
`);

interface Given {
  version: number;
  status: string;
  role: OfRole;
  roles: readonly OfRole[];
  type: string;
  field: string;
  terms: Terms;
  against: number | null;
  onClose(): void;
}

/** A role, and those whose rules it has, too. */
function included(roles: readonly OfRole[], code: string, found: string[] = []): string[] {
  if (found.includes(code)) return found;
  found.push(code);
  for (const each of roles.find((role) => role.code === code)?.includes ?? []) included(roles, each, found);
  return found;
}

export function Why({ version, status, role, roles, type, field, terms, against, onClose }: Given) {
  const words = useSpoken(spoken);
  const codes = included(roles, role.code);
  return (
    <Panel title={said(words.why, { role: role.name, field: `${type}.${field}` })} onClose={onClose}>
      {(against ? [version, against] : [version]).map((number) => (
        <section key={number}>
          {against && <h3>{said(words.ofVersion, { number })}</h3>}
          <Asked query={Cell} variables={{ version: number, role: role.code, resource: type, codes }}>
            {({ policy }) => {
              const line = policy?.matrix?.[0];
              const cell = line?.cells.find((each) => each.field === field);
              return (
                <>
                  <p><strong>{words.meanings[cell?.shown ?? 'WITHHELD']}</strong>{cell?.mask && ` (${cell.mask})`}</p>
                  {line && line.rows.length === 0 && <p>{words.noRecord}</p>}
                  {cell && cell.when.length > 0 && <ul className="quiet">{cell.when.map((each) => <li key={each}><code>{each}</code></li>)}</ul>}
                  <Rules version={number} isDraft={status === 'DRAFT' && number === version} of={policy?.roles ?? []} type={type} field={field} terms={terms} />
                </>
              );
            }}
          </Asked>
        </section>
      ))}
    </Panel>
  );
}

interface OfRules {
  version: number;
  isDraft: boolean;
  of: readonly { code: string; name: string; rules: readonly { index: number; rule: unknown }[] }[];
  type: string;
  field: string;
  terms: Terms;
}

function Rules({ version, isDraft, of, type, field, terms }: OfRules) {
  const words = useSpoken(spoken);
  const phrases = usePhrases();
  const found = of.flatMap(({ code, name, rules }) => rules
    .map(({ index, rule }) => ({ code, name, index, rule: rule as Rule }))
    .filter(({ rule }) => speaks(rule, type, field, terms)));
  if (found.length === 0) return <p>{words.noRule}</p>;
  return (
    <>
      <h3>{words.rules}</h3>
      <ul className="of-rules">
        {found.map(({ code, name, index, rule }) => {
          const at = `/versions/${version}/rules/${encodeURIComponent(code)}`;
          return (
            <li key={`${code} ${index}`}>
              {ruleInWords(rule, phrases)} <span className="quiet">{name}</span>{' '}
              <Link href={isDraft ? `${at}/${index}` : `${at}?rule=${index}`}>{isDraft ? words.changeRule : words.seeRule}</Link>
            </li>
          );
        })}
      </ul>
    </>
  );
}

/** Whether a rule speaks of how a field is read. */
function speaks(rule: Rule, type: string, field: string, terms: Terms): boolean {
  const on = named(rule.on);
  if (!on.includes('all') && !on.includes(type)) return false;
  if (!(rule.allow ?? rule.deny ?? []).includes('read') && !(rule.deny ?? []).includes('read')) return false;
  if (rule.fields === undefined || rule.fields === 'all') return true;
  const spec = terms.types.find(({ name }) => name === type)?.fields.find(({ name }) => name === field);
  return (rule.fields.names ?? []).includes(field) || (spec?.class != null && (rule.fields.classes ?? []).includes(spec.class));
}
