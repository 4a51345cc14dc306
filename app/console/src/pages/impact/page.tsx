/** What a version would change, were it in force. */
import { useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { Link } from 'wouter';

import { useAddress } from '../../parts/address';
import { Sheet } from '../../parts/sheet';
import { Failed } from '../../parts/states';
import { sum } from '../../parts/summed';
import type { Page } from '../../places';
import { said, useLanguage, useSpoken } from '../../words';
import { useTypeName } from '../../words/types';
import { Impact, type Told } from './asked';
import { sentences, uncounted } from './sentences';
import './style.css';
import { Tables } from './tables';
import { words as spoken } from './words';

const QUICK = 1;
const USUAL = 20;

/** Seconds since it was begun. */
function Counting() {
  const words = useSpoken(spoken);
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const ticking = setInterval(() => setSeconds((n) => n + 1), 1000);
    return () => clearInterval(ticking);
  }, []);
  return (
    <p className="quiet counting">
      <progress aria-label={said(words.counting, { seconds: '' })} /> <span aria-hidden="true">{said(words.counting, { seconds })}</span>
      <span role="status" className="unheard">{said(words.counting, { seconds: Math.floor(seconds / 10) * 10 })}</span>
    </p>
  );
}

function Scope({ told }: { told: Told }) {
  const words = useSpoken(spoken);
  const users = sum(told.groups, (group) => group.users);
  const sampled = sum(told.groups, (group) => group.sampled);
  return (
    <p className="quiet">
      {users > 0 && said(sampled < users ? words.sampled : words.whole, { users, sampled })} {!told.complete && words.incomplete}
    </p>
  );
}

function Broken({ told }: { told: Told }) {
  const words = useSpoken(spoken);
  if (told.documents.length === 0) return null;
  return (
    <section>
      <h2>{words.broken}</h2>
      <Sheet title={words.broken} heads={[words.client, words.document, words.errors]}>
        {told.documents.map((each) => (
          <tr key={`${each.client} ${each.id}`}>
            <td>{each.client}</td><th scope="row">{each.name}</th><td>{each.errors.map((error) => <div key={error}>{error}</div>)}</td>
          </tr>
        ))}
      </Sheet>
    </section>
  );
}

function Weighed({ told }: { told: Told }) {
  const words = useSpoken(spoken);
  const { language } = useLanguage();
  const typeName = useTypeName();
  const all = sentences(told, { words, language, typeName });
  const secret = uncounted(told);
  return (
    <>
      {all.length === 0 ? <p className="answer">{words.nothing}</p> : (
        <ul className="answer">{all.map((each) => <li key={each}>{each.slice(0, 1).toUpperCase() + each.slice(1)}.</li>)}</ul>
      )}
      {secret.length > 0 && <p>{said(words.uncounted, { types: secret.map(typeName).join(', ') })}</p>}
      <Scope told={told} />
      <Broken told={told} />
      {told.groups.length > 0 && <Tables told={told} />}
    </>
  );
}

const ImpactPage: Page = ({ params }) => {
  const words = useSpoken(spoken);
  const number = Number(params['number']);
  const [{ sample: wanted }, change] = useAddress();
  const sample = Number(wanted ?? USUAL);
  const [quick] = useQuery({ query: Impact, variables: { draft: number, sample: QUICK }, pause: sample === QUICK });
  const [full, again] = useQuery({ query: Impact, variables: { draft: number, sample } });
  const told = full.data?.policyImpact ?? (full.fetching ? quick.data?.policyImpact : null);
  const error = full.error?.graphQLErrors[0];
  const isMissing = error?.extensions?.['code'] === 'NOT_FOUND' || (full.data && !full.data.policyImpact);
  const isFaulty = error?.extensions?.['code'] === 'BAD_USER_INPUT';
  return (
    <>
      <p><Link href={`/versions/${number}`}>{said(words.back, { number })}</Link></p>
      <h1>{said(words.title, { number })}</h1>
      <p className="quiet">{words.asked}</p>
      <div className="filters">
        <label>
          {words.sample}
          <select value={sample} onChange={(event) => change({ sample: event.target.value }, { replace: true })}>
            {Object.entries(words.samples).map(([n, name]) => <option key={n} value={n}>{name}</option>)}
          </select>
        </label>
        <button type="button" disabled={full.fetching} onClick={() => again({ requestPolicy: 'network-only' })}>{words.again}</button>
      </div>
      {full.fetching && <Counting key={sample} />}
      {full.fetching && !full.data && told && <p>{words.firstLook}</p>}
      {isMissing ? <p role="alert">{words.none}</p> : isFaulty ? <p role="alert">{words.faulty}</p>
        : full.error && <Failed error={full.error} again={() => again({ requestPolicy: 'network-only' })} />}
      {told && <Weighed told={told} />}
    </>
  );
};

export default ImpactPage;
