/** Why somebody sees a row, or a field of it, as he or she does; and who else sees it. */
import { graphql } from '../../graph';
import { useAddress } from '../../parts/address';
import { Asked } from '../../parts/asked';
import { useLabels } from '../../parts/labels';
import { Panel } from '../../parts/panel';
import { written } from '../../parts/value';
import { said, useLanguage, useSpoken } from '../../words';
import { useTypeName } from '../../words/types';
import { Rule, type Told } from './rule';
import { Viewers } from './viewers';
import { words as spoken } from './words';

const Explained = graphql(`
  query Explained($as: ID!, $id: ID!, $field: String, $version: Int) {
    explainAccess(as: $as, id: $id, field: $field, version: $version) {
      type field visible gone shown unmasks states { field state }
      rules { ...Spoken }
      wanting { ...Spoken }
      roles { ...Spoken }
    }
  }
  fragment Spoken on AccessRule {
    effect gives role ceiling when file line holds conditions { depth text truth becomes state value operand met of }
  }
`);

function List({ title, none, rules, type, wished = false }: { title: string; none?: string; rules: readonly Told[]; type: string; wished?: boolean }) {
  if (rules.length === 0 && !none) return null;
  return (
    <section>
      <h3>{title}</h3>
      {rules.length === 0 ? <p>{none}</p> : (
        <ul className="rules">{rules.map((rule, at) => <Rule key={at} rule={rule} type={type} wished={wished} />)}</ul>
      )}
    </section>
  );
}

export function Why({ as, name }: { as: string; name: string }) {
  const words = useSpoken(spoken);
  const { words: all, language } = useLanguage();
  const typeName = useTypeName();
  const [{ row, field, version }, change] = useAddress();
  const asked = { as, id: row!, field: field ?? null, version: version ? Number(version) : null };
  return (
    <Panel title={field ? said(words.why, { name }) : said(words.whyRow, { name })} onClose={() => change({ row: undefined, field: undefined, who: undefined })}>
      <Asked query={Explained} variables={asked}>
        {({ explainAccess: found }) => {
          if (!found) return <p>{words.noExplanation}</p>;
          const state = found.field ? found.states.find((each) => each.field === found.field)?.state : null;
          const sentence = !found.visible ? words.isUnseen : !found.field ? words.isSeen
            : state === 'PLAIN' ? words.isPlain : state === 'MASKED' ? words.isMasked : state === 'WITHHELD' ? words.isWithheld : words.depends;
          return (
            <>
              <p><b>{typeName(found.type)}</b>{found.field && <> · <Label type={found.type} field={found.field} /></>}</p>
              <p className="verdict">{said(sentence, { name })} {found.gone && words.gone[found.gone]}</p>
              {found.shown !== null && <p>{written(found.shown, { language, words: all })}</p>}
              {found.unmasks.length > 0 && <p>{said(words.unmasked, { fields: found.unmasks.join(all.apart) })}</p>}
              {(state !== 'PLAIN' || !found.visible) && <List title={words.wanting} none={words.nothingWanting} rules={found.wanting} type={found.type} wished />}
              <List title={words.rules} none={words.noRule} rules={found.rules} type={found.type} />
              {state !== 'PLAIN' && <List title={words.roleWould} rules={found.roles} type={found.type} wished />}
            </>
          );
        }}
      </Asked>
      <Viewers key={`${row} ${field}`} id={row!} field={field} />
    </Panel>
  );
}

function Label({ type, field }: { type: string; field: string }) {
  return <>{useLabels([type]).field(type, field)}</>;
}
