/** GraphiQL, and who asks. */

import { letTabLeave, nameEditors } from './editors.js';
import { examples, offer as offerExamples } from './examples.js';
import { bearer, signedFetch } from './identity.js';
import { documenting } from './policy-docs.js';
import { enter, leave, toSignIn } from './sign-in.js';
import { forget, offer as offerViewAs, simulating } from './view-as.js';

const GRAPH = location.pathname;
const NOT_LOADED = 'GraphiQL could not be loaded.';
const NOBODY = 'Sign in, or paste a token to ask with.';

const NEEDS_TLS = 'Signing in needs an address with https, or of this very machine.';

const main = document.querySelector('#graphiql');
const status = document.querySelector('#status');
const bearerForm = document.querySelector('#bearer');
const pasted = document.querySelector('#token');

const show = await mount();

/** Tell the reader, in words that are also read aloud. */
export function say(words) {
  status.textContent = words;
}

/** Ask as someone from now on. The open tabs stay; the schema is read again. */
export function askAs(identity, words) {
  const fetchGraph = signedFetch(identity);
  const fetch = documenting(simulating(fetchGraph));
  say(words);
  forget(fetchGraph, (name) => say(name === null ? words : `Queries now show what ${name} would see, as far as you see it.`));
  show({ fetcher: GraphiQL.createFetcher({ url: GRAPH, fetch, enableIncrementalDelivery: false }) });
}

/** Wait for somebody to sign in. */
export function askAsNobody() {
  say(NOBODY);
  forget();
  show({ schema: null, fetcher: async () => ({ errors: [{ message: NOBODY }] }) });
}

async function mount() {
  if (!window.GraphiQL) {
    say(NOT_LOADED);
    throw new Error(NOT_LOADED);
  }
  const root = ReactDOM.createRoot(main);
  letTabLeave(main);
  nameEditors(main);
  const [everyone, ...others] = await examples(main.dataset.examples);
  offerExamples(document.querySelector('#example'), others);
  const settled = {
    defaultTabs: everyone.queries.map((query) => ({ query })),
    showPersistHeadersSettings: false,
    onSchemaChange: offerViewAs,
  };
  return (signedIn) => root.render(React.createElement(GraphiQL, { ...settled, ...signedIn }));
}

bearerForm.addEventListener('submit', (submission) => {
  submission.preventDefault();
  askAs(bearer(pasted.value), 'Queries now run with the pasted token.');
  bearerForm.reset();
});

const [signIn, signOut] = ['#sign-in', '#sign-out'].map((form) => document.querySelector(form));
signIn.addEventListener('submit', (submission) => {
  submission.preventDefault();
  toSignIn().catch(() => say(NEEDS_TLS));
});
signOut.addEventListener('submit', (submission) => {
  submission.preventDefault();
  leave();
});

/** Whether somebody has signed in here. */
export const isSignedIn = await entered();

async function entered() {
  let someone;
  try {
    someone = await enter();
  } catch (failure) {
    askAsNobody();
    say(`${failure.message} ${NOBODY}`);
    return false;
  }
  if (!someone) return false;
  for (const form of document.querySelectorAll('.who')) form.hidden = form !== signOut;
  askAs(someone.identity, `Queries now run as ${someone.name}.`);
  return true;
}

if (!isSignedIn && !bearerForm.hidden && !status.textContent) askAsNobody();
