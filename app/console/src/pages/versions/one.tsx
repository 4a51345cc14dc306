/** What one version says: its documents, and its tests, as they are written. */
import { Link } from 'wouter';

import { graphql } from '../../generated';
import { Asked } from '../../parts/asked';
import { Moment } from '../../parts/moment';
import type { Page } from '../../places';
import { said, useSpoken } from '../../words';
import { words as spoken } from './words';

const Version = graphql(`
  query Version($number: Int!) {
    policy(version: $number) { number note activatedAt files { name text } tests { name text } }
  }
`);

function Files({ title, files }: { title: string; files: readonly { name: string; text: string }[] }) {
  return (
    <section>
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

export const VersionPage: Page = ({ params }) => {
  const words = useSpoken(spoken);
  const number = Number(params['number']);
  return (
    <>
      <p><Link href="/versions">{words.back}</Link></p>
      <h1>{said(words.one, { number })}</h1>
      <Asked query={Version} variables={{ number }}>
        {({ policy }) => policy ? (
          <>
            <p>{policy.note}</p>
            {policy.activatedAt && <p className="quiet">{words.activatedAt} <Moment at={policy.activatedAt} /></p>}
            <Files title={words.files} files={policy.files} />
            <Files title={words.tests} files={policy.tests} />
          </>
        ) : <p>{words.withheld}</p>}
      </Asked>
    </>
  );
};
