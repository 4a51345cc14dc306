/** All versions of the policy, the newest first, page by page. */
import { Link } from 'wouter';

import { graphql } from '../../graph';
import { Asked } from '../../parts/asked';
import { Moment } from '../../parts/moment';
import { Pages, usePage } from '../../parts/paging';
import { Sheet } from '../../parts/sheet';
import { useSpoken } from '../../words';
import { FRESH } from './asking';
import { Begin } from './begin';
import { Status } from './head';
import { words as spoken } from './words';

const SIZE = 50;

const Versions = graphql(`
  query Versions($first: Int, $after: String, $last: Int, $before: String) {
    policyVersions(first: $first, after: $after, last: $last, before: $before, orderBy: [{ field: NUMBER, direction: DESC }]) {
      nodes { id number status note activatedAt updatedAt author { id displayName } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

export default function VersionsPage() {
  const words = useSpoken(spoken);
  const heads = [words.number, words.status, words.note, words.author, words.activatedAt, words.changedAt];
  return (
    <>
      <h1>{words.title}</h1>
      <Asked query={Versions} variables={usePage(SIZE)} context={FRESH}>
        {({ policyVersions: found }) => !found || found.nodes.length === 0 ? <p>{words.none}</p> : (
          <>
            <Begin />
            <Sheet title={words.title} heads={heads}>
              {found.nodes.map((each) => (
                <tr key={each.id}>
                  <th scope="row"><Link href={`/versions/${each.number}`}>{each.number}</Link></th>
                  <td><Status of={each.status} /></td>
                  <td className="note">{each.note}</td>
                  <td>{each.author?.displayName ?? '–'}</td>
                  <td><Moment at={each.activatedAt} /></td>
                  <td><Moment at={each.updatedAt} /></td>
                </tr>
              ))}
            </Sheet>
            <Pages info={found.pageInfo} />
          </>
        )}
      </Asked>
    </>
  );
}
