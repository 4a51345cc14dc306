/** All versions of the policy, the newest first. */
import { useQuery } from 'urql';
import { Link } from 'wouter';

import { graphql } from '../generated';
import { Failed, Loading } from '../parts/states';
import { useLanguage, useWords } from '../words';

const Versions = graphql(`
  query Versions($after: String) {
    policyVersions(first: 50, after: $after, orderBy: [{ field: NUMBER, direction: DESC }]) {
      nodes { id number status note activatedAt updatedAt author { id displayName } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

/** A moment, as it is written here. */
export function Moment({ at }: { at: string | null | undefined }) {
  const { language } = useLanguage();
  if (!at) return <>–</>;
  return <time dateTime={at}>{new Date(at).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' })}</time>;
}

export function VersionsPage() {
  const words = useWords().versions;
  const [{ data, error, fetching }, ask] = useQuery({ query: Versions });
  const found = data?.policyVersions?.nodes ?? [];
  return (
    <>
      <h1>{words.title}</h1>
      {error && <Failed error={error} again={() => ask({ requestPolicy: 'network-only' })} />}
      {fetching && !data && <Loading />}
      {data && found.length === 0 && <p>{words.none}</p>}
      {found.length > 0 && (
        <div className="wide" role="region" aria-label={words.title} tabIndex={0}>
          <table>
            <thead>
              <tr>
                {[words.number, words.status, words.note, words.author, words.activatedAt, words.changedAt].map((head) => (
                  <th key={head} scope="col">{head}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {found.map((each) => (
                <tr key={each.id}>
                  <th scope="row"><Link href={`/versions/${each.number}`}>{each.number}</Link></th>
                  <td><span className={`status ${each.status}`}>{words.statuses[each.status ?? ''] ?? each.status}</span></td>
                  <td className="note">{each.note}</td>
                  <td>{each.author?.displayName ?? '–'}</td>
                  <td><Moment at={each.activatedAt} /></td>
                  <td><Moment at={each.updatedAt} /></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
