/** What the policy says of each field, put into the schema's documentation, for those who may read the policy. */

const TERMS = '{ policyTerms policy { matrix { role resource cells { field shown } } } }';
const SHOWN = [
  ['PLAIN', 'Plain for'],
  ['MASKED', 'Masked for'],
  ['CONDITIONAL', 'By condition for'],
  ['WITHHELD', 'Withheld from'],
];

/** A fetch whose introspection tells, of each field, its data class and which role sees it how. */
export function documenting(fetchGraph) {
  return async (address, options) => {
    const response = await fetchGraph(address, options);
    if (JSON.parse(options.body).operationName !== 'IntrospectionQuery' || !response.ok) return response;
    const answer = await response.json();
    const schema = answer.data?.__schema;
    if (schema && readsPolicy(schema)) annotate(schema, await told(fetchGraph, address, options));
    return Response.json(answer);
  };
}

function readsPolicy({ queryType, types }) {
  return types.find(({ name }) => name === queryType.name).fields.some(({ name }) => name === 'policyTerms');
}

/** Sentences by type and field; none where the policy is not told. */
async function told(fetchGraph, address, options) {
  const response = await fetchGraph(address, { ...options, body: JSON.stringify({ query: TERMS }) });
  const { data } = await response.json();
  const sentences = new Map();
  for (const type of data?.policyTerms?.types ?? []) {
    const lines = (data.policy?.matrix ?? []).filter(({ resource }) => resource === type.name);
    sentences.set(type.name, new Map(type.fields.map((field) => [field.name, sentence(field, lines)])));
  }
  return sentences;
}

function sentence(field, lines) {
  const roles = (shown) =>
    lines.filter(({ cells }) => cells.some((cell) => cell.field === field.name && cell.shown === shown)).map(({ role }) => role);
  const said = SHOWN.map(([shown, words]) => [words, roles(shown)]).filter(([, codes]) => codes.length > 0);
  return [`Data class: ${field.class}.`, ...said.map(([words, codes]) => `${words} ${codes.join(', ')}.`)].join(' ');
}

function annotate({ types }, sentences) {
  for (const type of types) {
    for (const field of type.fields ?? []) {
      const words = sentences.get(type.name)?.get(field.name);
      if (words) field.description = [field.description, words].filter(Boolean).join('\n\n');
    }
  }
}
