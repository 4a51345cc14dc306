/** What a version would have changed of what people really asked. */
import { useQuery } from 'urql';
import { Link } from 'wouter';

import { Asked } from '../../parts/asked';
import { Failed, Loading } from '../../parts/states';
import { sum } from '../../parts/summed';
import { written } from '../../parts/value';
import type { Page } from '../../places';
import { counted, said, useLanguage, useSpoken } from '../../words';
import { useTypeName } from '../../words/types';
import { Shadow, Shadowed, type Told } from './asked';
import { Running } from './running';
import { Tables } from './tables';
import { words as spoken } from './words';

function Sentences({ told }: { told: Told }) {
  const words = useSpoken(spoken);
  const { words: all, language } = useLanguage();
  const refused = sum(told.operations, (each) => each.refused);
  const isTold = told.operations.every((each) => each.differing !== null);
  const differing = sum(told.operations, (each) => each.differing);
  const since = said(told.compared === 1 ? words.compared.one : words.compared.other, {
    n: told.compared.toLocaleString(language), since: written(told.since, { language, words: all }),
  });
  const sentences = [
    since, differing > 0 && counted(words.differing, differing, language), refused > 0 && counted(words.refused, refused, language),
    isTold && differing === 0 && refused === 0 && words.same,
  ].filter((each) => typeof each === 'string');
  return <ul className="answer">{sentences.map((each) => <li key={each}>{each}</li>)}</ul>;
}

function Counted({ told }: { told: Told }) {
  const words = useSpoken(spoken);
  const typeName = useTypeName();
  if (!told.since || told.compared === 0) return <p className="answer">{words.never}</p>;
  return (
    <>
      <Sentences told={told} />
      <p className="quiet">{told.dropped > 0 && said(words.dropped, { n: told.dropped })} {told.failed > 0 && said(words.failed, { n: told.failed })}</p>
      {told.uncountable.length > 0 && <p>{said(words.uncountable, { types: told.uncountable.map(typeName).join(', ') })}</p>}
      <Tables told={told} />
    </>
  );
}

const ShadowPage: Page = ({ params }) => {
  const words = useSpoken(spoken);
  const number = Number(params['number']);
  const [{ data, error, fetching }, ask] = useQuery({ query: Shadow, variables: { version: number }, requestPolicy: 'cache-and-network' });
  const again = () => ask({ requestPolicy: 'network-only' });
  const code = error?.graphQLErrors[0]?.extensions?.['code'];
  const told = data?.policyShadow;
  return (
    <>
      <p><Link href={`/versions/${number}`}>{said(words.back, { number })}</Link></p>
      <h1>{said(words.title, { number })}</h1>
      <p className="quiet">{words.why}</p>
      {code === 'NOT_FOUND' || (data && !told && !error) ? <p role="alert">{words.none}</p> : code === 'BAD_USER_INPUT' ? <p role="alert">{words.faulty}</p> : (
        <>
          <Asked query={Shadowed} variables={{ number }} fresh>
            {({ policyVersions }, asked) => policyVersions?.nodes[0] && (
              <Running key={policyVersions.nodes[0].version} version={policyVersions.nodes[0]} again={() => { asked(); again(); }} />
            )}
          </Asked>
          {error && <Failed error={error} again={again} />}
          {fetching && !told && <Loading />}
          {told && <Counted told={told} />}
          <p><button type="button" disabled={fetching} onClick={again}>{words.again}</button></p>
        </>
      )}
    </>
  );
};

export default ShadowPage;
