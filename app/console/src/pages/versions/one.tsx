/** A version: who made it and why, what can be done with it, what lint and tests say of it, and its documents. */
import { Link } from 'wouter';

import { Asked } from '../../parts/asked';
import { Moment } from '../../parts/moment';
import type { Page } from '../../places';
import { said, useSpoken } from '../../words';
import { TakeBack } from './activation';
import { Documents, FRESH } from './asking';
import { LintOf, TestsOf } from './checks';
import { OfVersion, type Version } from './head';
import { Steps } from './steps';
import { words as spoken } from './words';

const LIVE = ['DRAFT', 'SUBMITTED', 'APPROVED'];

function Files({ title, of, files }: { title: string; of: string; files: readonly { name: string; text: string }[] }) {
  return (
    <section className={of}>
      <h2>{title}</h2>
      {files.map((file) => (
        <details key={file.name}>
          <summary>{file.name}</summary>
          <pre tabIndex={0} aria-label={file.name}>{file.text}</pre>
        </details>
      ))}
    </section>
  );
}

function Facts({ of }: { of: Version }) {
  const words = useSpoken(spoken);
  const { row } = of;
  return (
    <dl className="facts">
      {of.author && <div><dt>{words.author}</dt><dd>{of.author}</dd></div>}
      {of.basedOn != null && <div><dt>{words.basedOn}</dt><dd><Link href={`/versions/${of.basedOn}`}>{said(words.one, { number: of.basedOn })}</Link></dd></div>}
      {row?.submittedBy && <div><dt>{words.submittedBy}</dt><dd>{row.submittedBy.displayName}</dd></div>}
      {row?.decidedBy && <div><dt>{words.decidedBy}</dt><dd>{row.decidedBy.displayName}, <Moment at={row.decidedAt} /></dd></div>}
      {row?.reason && <div><dt>{words.reason}</dt><dd>{row.reason}</dd></div>}
      {of.activatedAt && <div><dt>{words.activatedAt}</dt><dd><Moment at={of.activatedAt} /></dd></div>}
    </dl>
  );
}

const VersionPage: Page = ({ params }) => {
  const words = useSpoken(spoken);
  const number = Number(params['number']);
  return (
    <OfVersion number={number}>
      {(version) => (
        <>
          <Facts of={version} />
          {version.status === 'ACTIVE' && <TakeBack version={version} />}
          <Steps version={version} />
          <div className="beside">
            <LintOf number={number} />
            <TestsOf number={number} state={LIVE.includes(version.status) ? version.version ?? 0 : null} />
          </div>
          <Asked query={Documents} variables={{ number }} context={FRESH}>
            {({ policy }) => policy && (
              <>
                <Files title={words.files} of="documents" files={policy.files} />
                <Files title={words.testTables} of="tables" files={policy.tests} />
              </>
            )}
          </Asked>
        </>
      )}
    </OfVersion>
  );
};

export default VersionPage;
