/** All versions of the policy, the newest first. */
import { Link } from 'wouter';

import { graphql } from '../../generated';
import { Asked } from '../../parts/asked';
import { Moment } from '../../parts/moment';
import { Sheet } from '../../parts/sheet';
import { useSpoken } from '../../words';
import { words as spoken } from './words';

const Versions = graphql(`
  query Versions($after: String) {
    policyVersions(first: 50, after: $after, orderBy: [{ field: NUMBER, direction: DESC }]) {
      nodes { id number status note activatedAt updatedAt author { id displayName } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

export function VersionsPage() {
  const words = useSpoken(spoken);
  const heads = [words.number, words.status, words.note, words.author, words.activatedAt, words.changedAt];
  return (
    <>
      <h1>{words.title}</h1>
      <Asked query={Versions} variables={{}}>
        {({ policyVersions }) => {
          const found = policyVersions?.nodes ?? [];
          if (found.length === 0) return <p>{words.none}</p>;
          return (
            <Sheet title={words.title} heads={heads}>
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
            </Sheet>
          );
        }}
      </Asked>
    </>
  );
}
