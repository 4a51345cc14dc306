/** What would have been otherwise: by what was asked, by roles, by type and by field. */
import { ByField, Figures, Rows, Views } from '../../parts/figures';
import { useRoles } from '../../parts/roles';
import { byType, sum } from '../../parts/summed';
import { useSpoken, useWords } from '../../words';
import { useTypeName } from '../../words/types';
import type { Told } from './asked';
import { words as spoken } from './words';

type Operation = Told['operations'][number];

const ofOperations = (told: Told) => byType(told.operations.flatMap((each) => each.types));

function useRoleNames() {
  const words = useSpoken(spoken);
  const { apart } = useWords();
  const roles = useRoles();
  return (codes: readonly string[]) => codes.map(roles.name).join(apart) || words.various;
}

/** How many were compared, would differ (not told, where it is not of some) and would be refused. */
function Counts({ of }: { of: readonly Operation[] }) {
  const { secret } = useSpoken(spoken);
  const differing = of.some((each) => each.differing == null) ? null : sum(of, (each) => each.differing);
  return <Figures of={[sum(of, (each) => each.compared), differing, sum(of, (each) => each.refused)]} secret={secret} />;
}

function ByOperation({ told }: { told: Told }) {
  const words = useSpoken(spoken);
  const names = useRoleNames();
  return (
    <Rows title={words.operation} heads={[words.operation, words.roles, words.reads, words.wouldDiffer, words.wouldRefuse]}>
      {told.operations.map((each) => (
        <tr key={`${each.operation} ${each.roles.join()}`}>
          <th scope="row">{each.operation || words.various}</th><td>{names(each.roles)}</td><Counts of={[each]} />
        </tr>
      ))}
    </Rows>
  );
}

function ByRole({ told }: { told: Told }) {
  const words = useSpoken(spoken);
  const names = useRoleNames();
  return (
    <Rows title={words.roles} heads={[words.roles, words.reads, words.wouldDiffer, words.wouldRefuse]}>
      {[...Map.groupBy(told.operations, ({ roles }) => roles.join())].map(([key, of]) => (
        <tr key={key}><th scope="row">{names(of[0]!.roles)}</th><Counts of={of} /></tr>
      ))}
    </Rows>
  );
}

function ByEntity({ told }: { told: Told }) {
  const words = useSpoken(spoken);
  const typeName = useTypeName();
  return (
    <Rows title={words.type} heads={[words.type, words.gained, words.lost]}>
      {ofOperations(told).map((each) => <tr key={each.type}><th scope="row">{typeName(each.type)}</th><Figures of={[each.gained, each.lost]} /></tr>)}
    </Rows>
  );
}

function OfFields({ told }: { told: Told }) {
  const words = useSpoken(spoken);
  return <ByField types={ofOperations(told)} turns={[words.plain, words.masked, words.withheld]} />;
}

export function Tables({ told }: { told: Told }) {
  const words = useSpoken(spoken);
  const views: Views<Told> = {
    operation: [words.operation, ByOperation], role: [words.roles, ByRole], entity: [words.type, ByEntity], field: [words.field, OfFields],
  };
  return <Views told={told} views={views} what={words.addedUp} />;
}
