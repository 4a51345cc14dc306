/** A version beside any other: what differs in sentences, and in the text of the documents. */
import { Asked } from '../../parts/asked';
import { useAddress } from '../../parts/address';
import { differences } from '../../parts/lines';
import type { Page } from '../../places';
import { said, useSpoken } from '../../words';
import { graphql } from '../../graph';
import { Documents, FRESH } from './asking';
import { Differences } from './differences';
import { OfVersion, type Version } from './head';
import { TextDifference } from './text-difference';
import { words as spoken } from './words';

const Numbers = graphql(`
  query Numbers { policyVersions(first: 100, orderBy: [{ field: NUMBER, direction: DESC }]) { nodes { id number status note } } }
`);

const ComparePage: Page = ({ params }) => (
  <OfVersion number={Number(params['number'])}>{(version) => <Compared version={version} />}</OfVersion>
);

function Compared({ version }: { version: Version }) {
  const words = useSpoken(spoken);
  const [{ with: chosen }, change] = useAddress();
  const other = Number(chosen) || version.basedOn || version.number;
  return (
    <>
      <Asked query={Numbers} variables={{}} context={FRESH}>
        {({ policyVersions }) => (
          <div className="filters">
            <label>{words.compareWith}
              <select value={other} onChange={(event) => change({ with: event.target.value })}>
                {policyVersions?.nodes.filter(({ number }) => number !== version.number || number === other).map(({ number, status, note }) => (
                  <option key={number} value={number ?? ''}>
                    {said(words.one, { number: number ?? '' })} · {words.statuses[status ?? '']}{note ? ` · ${note}` : ''}
                  </option>
                ))}
              </select>
            </label>
          </div>
        )}
      </Asked>
      <h2>{said(words.whatChanged, { a: other, b: version.number })}</h2>
      <Differences a={other} b={version.number} />
      <h2>{words.inTheText}</h2>
      <Texts a={other} b={version.number} />
    </>
  );
}

function Texts({ a, b }: { a: number; b: number }) {
  const words = useSpoken(spoken);
  return (
    <Asked query={Documents} variables={{ number: a }} context={FRESH}>
      {({ policy: before }) => (
        <Asked query={Documents} variables={{ number: b }} context={FRESH}>
          {({ policy: after }) => {
            if (!before || !after) return <p>{words.withheld}</p>;
            const found = [...changed('', before.files, after.files), ...changed('tests/', before.tests, after.tests)];
            if (found.length === 0) return <p>{words.sameText}</p>;
            return found.map(({ name, was, is }) => <TextDifference key={name} name={name} pieces={differences(was, is)} />);
          }}
        </Asked>
      )}
    </Asked>
  );
}

function changed(folder: string, before: readonly { name: string; text: string }[], after: readonly { name: string; text: string }[]) {
  const of = (texts: typeof before, name: string) => texts.find((each) => each.name === name)?.text ?? '';
  const names = [...new Set([...before, ...after].map(({ name }) => name))].sort();
  return names
    .map((name) => ({ name: folder + name, was: of(before, name), is: of(after, name) }))
    .filter(({ was, is }) => was !== is);
}

export default ComparePage;
