/** What one version says: its documents, and its tests, as they are written. */
import { useQuery } from 'urql';
import { Link } from 'wouter';

import { graphql } from '../generated';
import { Failed, Loading } from '../parts/states';
import { said, useWords } from '../words';
import { Moment } from './versions';

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

export function VersionPage({ number }: { number: number }) {
  const words = useWords().versions;
  const [{ data, error, fetching }, ask] = useQuery({ query: Version, variables: { number } });
  return (
    <>
      <p><Link href="/versions">{words.back}</Link></p>
      <h1>{said(words.one, { number })}</h1>
      {error && <Failed error={error} again={() => ask({ requestPolicy: 'network-only' })} />}
      {fetching && !data && <Loading />}
      {data && !data.policy && <p>{words.withheld}</p>}
      {data?.policy && (
        <>
          <p>{data.policy.note}</p>
          {data.policy.activatedAt && <p className="quiet">{words.activatedAt} <Moment at={data.policy.activatedAt} /></p>}
          <Files title={words.files} files={data.policy.files} />
          <Files title={words.tests} files={data.policy.tests} />
        </>
      )}
    </>
  );
}
