/** Which customer, which people, by which policy. */
import { useQuery } from 'urql';

import { graphql } from '../../graph';
import { useAddress } from '../../parts/address';
import { Finder } from '../../parts/finder';
import { PersonFinder } from '../../parts/person';
import { said, useSpoken } from '../../words';
import { words as versionWords } from '../versions/words';
import { words as spoken } from './words';

const Customers = graphql(`
  query FoundCustomers($text: String) {
    customers(first: 20, search: $text) { nodes { id displayName email region { name } } }
  }
`);
const Named = graphql(`query NamedCustomer($id: ID!) { customer(id: $id) { id displayName } }`);
const Versions = graphql(`
  query LookedVersions { policyVersions(first: 50, orderBy: [{ field: NUMBER, direction: DESC }]) { nodes { id number status note } } }
`);

function Customer() {
  const words = useSpoken(spoken);
  const [{ customer }, change] = useAddress();
  const [{ data }] = useQuery({ query: Named, variables: { id: customer ?? '' }, pause: !customer });
  return (
    <Finder
      label={words.customer} query={Customers} variables={(text) => (text ? { text } : {})}
      chosen={customer ? data?.customer?.displayName ?? '' : ''}
      options={({ customers }) => (customers?.nodes ?? []).map((each) => ({
        id: each.id, name: each.displayName ?? '?', more: [each.region?.name, each.email].filter(Boolean).join(' · '),
      }))}
      onChoose={(option) => change({ customer: option?.id, row: undefined, field: undefined })}
    />
  );
}

function Version() {
  const words = useSpoken(spoken);
  const { statuses } = useSpoken(versionWords);
  const [{ version }, change] = useAddress();
  const [{ data }] = useQuery({ query: Versions, variables: {} });
  const found = (data?.policyVersions?.nodes ?? []).filter((each) => each.status !== 'ACTIVE');
  return (
    <label>
      {words.version}
      <select value={version ?? ''} onChange={(event) => change({ version: event.target.value })}>
        <option value="">{words.inForce}</option>
        {found.map((each) => (
          <option key={each.id} value={String(each.number)}>
            {said(words.numbered, { number: each.number ?? '', status: statuses[each.status ?? ''] ?? '' })}
          </option>
        ))}
      </select>
    </label>
  );
}

export function Choices() {
  const words = useSpoken(spoken);
  const [{ a, b, differences }, change] = useAddress();
  return (
    <div className="filters" role="search" aria-label={words.title}>
      <Customer />
      <PersonFinder label={words.person} id={a} onChoose={(id) => change({ a: id })} />
      <PersonFinder label={words.other} id={b} onChoose={(id) => change({ b: id })} />
      <Version />
      <label className="check">
        <input type="checkbox" checked={Boolean(differences)} onChange={(event) => change({ differences: event.target.checked ? 'yes' : undefined })} />
        {words.onlyDifferences}
      </label>
    </div>
  );
}
