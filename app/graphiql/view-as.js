/** Asking as somebody else would, for those who may: queries go through `policySimulate`. */

const SIMULATED = `query ViewAs($as: ID!, $operation: String!, $variables: JSON, $operationName: String) {
  policySimulate(as: $as, operation: $operation, variables: $variables, operationName: $operationName)
}`;
const PEOPLE = 'query People($search: String!) { users(search: $search, first: 10) { nodes { id displayName email } } }';
const SHORTEST = 2;
const PAUSE = 200;

const form = document.querySelector('#view-as');
const stop = form.querySelector('[value=self]');
const wanted = document.querySelector('#person');
const people = document.querySelector('#people');

/** As whom is looked: `{ id, name }`; null where everybody looks as themselves. */
let person = null;
let ask = null;
let tell = null;
let found = new Map();

/** A fetch for queries: as the person who is chosen. Introspection stays that of who asks. */
export function simulating(fetchGraph) {
  return async (address, options) => {
    const asked = JSON.parse(options.body);
    if (person === null || asked.operationName === 'IntrospectionQuery') return fetchGraph(address, options);
    const { query: operation, variables, operationName } = asked;
    const sent = { query: SIMULATED, variables: { as: person.id, operation, variables, operationName } };
    const response = await fetchGraph(address, { ...options, body: JSON.stringify(sent) });
    const answer = await response.json();
    return Response.json(answer.data?.policySimulate ?? answer, { status: response.status });
  };
}

/** Somebody else asks from now on: they look as themselves. `say` tells as whom is looked; null: as nobody else. */
export function forget(fetchGraph, say) {
  [person, ask, tell, found] = [null, fetchGraph, say, new Map()];
  wanted.value = '';
  people.replaceChildren();
  form.hidden = stop.hidden = true;
}

/** Offer it to those whose schema has it. */
export function offer(schema) {
  form.hidden = !schema?.getQueryType()?.getFields().policySimulate;
}

/** Look for people by what is typed; who was chosen from the list is among them already. */
async function look() {
  const search = wanted.value.trim();
  if (found.has(search)) return;
  found = new Map();
  if (search.length < SHORTEST) return;
  const response = await ask(location.pathname, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query: PEOPLE, variables: { search } }),
  });
  const nodes = (await response.json()).data?.users?.nodes ?? [];
  if (search !== wanted.value.trim()) return;
  found = new Map(nodes.map((each) => [[each.displayName, each.email].filter(Boolean).join(' · ') || each.id, each]));
  people.replaceChildren(...[...found.keys()].map((label) => new Option(label, label)));
}

let pause = 0;
wanted.addEventListener('input', () => {
  wanted.setCustomValidity('');
  clearTimeout(pause);
  pause = setTimeout(look, PAUSE);
});

form.addEventListener('submit', async (submission) => {
  submission.preventDefault();
  if (submission.submitter?.value === 'self') return choose(null);
  await look();
  const [only] = found.size === 1 ? found.values() : [];
  const chosen = found.get(wanted.value.trim()) ?? only;
  if (chosen) return choose({ id: chosen.id, name: chosen.displayName ?? wanted.value });
  wanted.setCustomValidity('Choose somebody from the list.');
  form.reportValidity();
});

function choose(someone) {
  person = someone;
  stop.hidden = someone === null;
  if (someone === null) wanted.value = '';
  tell(someone?.name ?? null);
}
