/** The rules of a version, role by role; of a draft, changed here. */
import { Redirect } from 'wouter';

import { Asked } from '../../../parts/asked';
import { useAddress } from '../../../parts/address';
import type { Page } from '../../../places';
import { useSpoken } from '../../../words';
import { FRESH, Roles } from '../asking';
import { mayChange, OfVersion, type Version } from '../head';
import { NewRole } from './new-role';
import { RoleList } from './role-list';
import { RoleView } from './role';
import { RuleForm } from './rule-form';
import './style.css';
import { words as spoken } from './words';

const RulesPage: Page = ({ params }) => {
  const { number, role, rule } = params;
  return (
    <OfVersion number={Number(number)}>
      {(version) => (
        <div className="by-role">
          <RoleList version={version} chosen={role} />
          <div className="of-role">
            {role === undefined ? <NoRole version={version} /> : <OfRole version={version} code={decodeURIComponent(role)} rule={rule} />}
          </div>
        </div>
      )}
    </OfVersion>
  );
};

/** The place of a finding leads to the role that it is in. */
function NoRole({ version }: { version: Version }) {
  const words = useSpoken(spoken);
  const [{ file, line }] = useAddress();
  if (!file) return <p className="quiet">{words.chooseRole}</p>;
  return (
    <Asked query={Roles} variables={{ number: version.number, codes: null }} context={FRESH}>
      {({ policy }) => {
        const role = policy?.roles?.find((each) => each.file === file);
        if (!role) return <p>{words.chooseRole}</p>;
        const rule = role.rules.findLast((each) => each.line <= Number(line));
        return <Redirect replace to={`/versions/${version.number}/rules/${encodeURIComponent(role.code)}${rule ? `?rule=${rule.index}` : ''}`} />;
      }}
    </Asked>
  );
}

function OfRole({ version, code, rule }: { version: Version; code: string; rule: string | undefined }) {
  const words = useSpoken(spoken);
  const may = mayChange(version);
  if (code === '-' && may) return <NewRole version={version} />;
  return (
    <Asked query={Roles} variables={{ number: version.number, codes: [code] }} context={FRESH}>
      {({ policy }) => {
        if (!policy?.roles) return <p>{words.unreadable}</p>;
        const role = policy.roles[0];
        if (!role) return <p>{words.noRole}</p>;
        const now = { ...version, version: policy.version ?? null };
        if (rule !== undefined && may) {
          return <RuleForm key={`${code} ${rule}`} version={now} role={role} index={rule === 'new' ? null : Number(rule)} />;
        }
        return <RoleView key={code} version={now} role={role} text={policy.files.find(({ name }) => name === role.file)?.text ?? ''} />;
      }}
    </Asked>
  );
}

export default RulesPage;
