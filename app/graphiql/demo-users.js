/** The picker of demo users. Served in development only. */

import { demoUser } from './identity.js';
import { askAs, askAsNobody, isSignedIn, say } from './page.js';

const REMEMBERED = 'customer360.demoUser';
const SOMEONE_ELSE = new Option('Someone else: paste a token', '');

const picker = document.querySelector('#demo-user');
const bearerForm = document.querySelector('#bearer');

/** "Ada King · sales_rep, SALES, DE": name, then each role with its department and region. */
function describe({ displayName, roles }) {
  const places = roles.map(({ role, department, region }) => [role, department, region].filter(Boolean).join(', '));
  return [displayName, ...places].join(' · ');
}

async function demoUsers() {
  const response = await fetch('dev/users');
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return response.json();
}

function choose() {
  const option = picker.selectedOptions[0];
  sessionStorage.setItem(REMEMBERED, option.value);
  bearerForm.hidden = option !== SOMEONE_ELSE;
  if (option === SOMEONE_ELSE) return askAsNobody();
  return askAs(demoUser(option.value), `Queries now run as ${option.dataset.name}.`);
}

/** Choose whom this tab asked as before, else the first listed. */
function restore() {
  const remembered = sessionStorage.getItem(REMEMBERED);
  if (Array.from(picker.options, (option) => option.value).includes(remembered)) picker.value = remembered;
  choose();
}

function list(users) {
  for (const user of users) {
    const option = new Option(describe(user), user.email);
    option.dataset.name = user.displayName;
    picker.add(option);
  }
  picker.add(SOMEONE_ELSE);
  picker.disabled = false;
  restore();
}

picker.addEventListener('change', choose);
if (!isSignedIn) {
  try {
    list(await demoUsers());
  } catch (failure) {
    list([]);
    say(`The demo users could not be listed: ${failure.message}. Paste a token to ask with.`);
  }
}
