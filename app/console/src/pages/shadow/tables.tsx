/** What would have been otherwise: by what was asked, by roles, by type and by field. */
import { useAddress } from '../../parts/address';
import { useLabels } from '../../parts/labels';
import { useRoles } from '../../parts/roles';
import { Sheet } from '../../parts/sheet';
import { useLanguage, useSpoken, useWords } from '../../words';
import { useTypeName } from '../../words/types';
import type { Told } from './asked';
import { words as spoken } from './words';

type Type = Told['operations'][number]['types'][number];
type Field = Type['fields'][number];

function Figures({ of }: { of: readonly (number | null | undefined)[] }) {
  const words = useSpoken(spoken);
  const { language } = useLanguage();
  return of.map((each, at) => <td key={at} className={each === null ? 'quiet' : 'figure'}>{each === null ? words.secret : (each ?? 0).toLocaleString(language)}</td>);
}

function useRoleNames() {
  const words = useSpoken(spoken);
  const { apart } = useWords();
  const roles = useRoles();
  return (codes: readonly string[]) => codes.map(roles.name).join(apart) || words.various;
}

function ByOperation({ told }: { told: Told }) {
  const words = useSpoken(spoken);
  const names = useRoleNames();
  return (
    <Sheet title={words.operation} heads={[words.operation, words.roles, words.reads, words.wouldDiffer, words.wouldRefuse]}>
      {told.operations.map((each) => (
        <tr key={`${each.operation} ${each.roles.join()}`}>
          <th scope="row">{each.operation || words.various}</th><td>{names(each.roles)}</td>
          <Figures of={[each.compared, each.differing ?? null, each.refused]} />
        </tr>
      ))}
    </Sheet>
  );
}

function ByRole({ told }: { told: Told }) {
  const words = useSpoken(spoken);
  const names = useRoleNames();
  const found = new Map<string, { roles: readonly string[]; compared: number; differing: number | null; refused: number }>();
  for (const { roles, compared, differing, refused } of told.operations) {
    const sum = found.get(roles.join()) ?? { roles, compared: 0, differing: 0, refused: 0 };
    found.set(roles.join(), {
      roles, compared: sum.compared + compared, refused: sum.refused + refused,
      differing: sum.differing === null || differing === null || differing === undefined ? null : sum.differing + differing,
    });
  }
  return (
    <Sheet title={words.roles} heads={[words.roles, words.reads, words.wouldDiffer, words.wouldRefuse]}>
      {[...found.values()].map((each) => (
        <tr key={each.roles.join()}><th scope="row">{names(each.roles)}</th><Figures of={[each.compared, each.differing, each.refused]} /></tr>
      ))}
    </Sheet>
  );
}

/** All operations' types together. */
function together(told: Told): Type[] {
  const found = new Map<string, Type>();
  for (const type of told.operations.flatMap((each) => each.types)) {
    const sum = found.get(type.type) ?? { ...type, gained: 0, lost: 0, fields: [] };
    const fields = new Map<string, Field>(sum.fields.map((each) => [each.field, each]));
    for (const { field, plain, masked, withheld } of type.fields) {
      const of = fields.get(field) ?? { field, plain: 0, masked: 0, withheld: 0 };
      fields.set(field, { field, plain: of.plain + plain, masked: of.masked + masked, withheld: of.withheld + withheld });
    }
    found.set(type.type, { ...sum, gained: sum.gained + type.gained, lost: sum.lost + type.lost, fields: [...fields.values()] });
  }
  return [...found.values()];
}

function ByEntity({ told }: { told: Told }) {
  const words = useSpoken(spoken);
  const typeName = useTypeName();
  return (
    <Sheet title={words.type} heads={[words.type, words.gained, words.lost]}>
      {together(told).map((each) => <tr key={each.type}><th scope="row">{typeName(each.type)}</th><Figures of={[each.gained, each.lost]} /></tr>)}
    </Sheet>
  );
}

function FieldRow({ type, field }: { type: string; field: Field }) {
  const typeName = useTypeName();
  return (
    <tr>
      <td>{typeName(type)}</td><th scope="row">{useLabels([type]).field(type, field.field)}</th><Figures of={[field.plain, field.masked, field.withheld]} />
    </tr>
  );
}

function ByField({ told }: { told: Told }) {
  const words = useSpoken(spoken);
  return (
    <Sheet title={words.field} heads={[words.type, words.field, words.plain, words.masked, words.withheld]}>
      {together(told).flatMap(({ type, fields }) => fields.map((field) => <FieldRow key={`${type} ${field.field}`} type={type} field={field} />))}
    </Sheet>
  );
}

const VIEWS = { operation: ByOperation, role: ByRole, entity: ByEntity, field: ByField };

export function Tables({ told }: { told: Told }) {
  const words = useSpoken(spoken);
  const [{ by }, change] = useAddress();
  const chosen = (Object.keys(VIEWS) as (keyof typeof VIEWS)[]).find((each) => each === by) ?? 'operation';
  const View = VIEWS[chosen];
  return (
    <section>
      <label className="check">
        {words.by}
        <select value={chosen} onChange={(event) => change({ by: event.target.value }, { replace: true })}>
          {Object.keys(VIEWS).map((each) => <option key={each} value={each}>{words.views[each]}</option>)}
        </select>
      </label>
      <View told={told} />
      <p className="quiet">{words.addedUp}</p>
    </section>
  );
}
