/** Operations to begin with, by whom they are for: those for everyone in tabs of their own, the others by choice. */

const NEW_TAB = '.graphiql-tab-add';
const EDITOR = '.graphiql-query-editor .CodeMirror';

/** The examples of each audience. `#### ` begins an audience; a comment after an empty line begins an example. */
export async function examples(address) {
  const response = await fetch(address);
  const text = await response.text();
  const [before, ...parts] = text.split(/^#### (.+)\n/m);
  const audiences = before.trim() ? [['', before]] : [];
  for (let at = 0; at < parts.length; at += 2) audiences.push([parts[at], parts[at + 1]]);
  return audiences.map(([audience, queries]) => ({ audience, queries: queries.trim().split(/\n\n(?=#)/).map((query) => `${query}\n`) }));
}

/** Offer examples in a list; what is chosen opens in a tab of its own. */
export function offer(list, audiences) {
  for (const { audience, queries } of audiences) {
    const group = document.createElement('optgroup');
    group.label = audience;
    group.append(...queries.map((query) => new Option(nameOf(query), query)));
    list.append(group);
  }
  list.form.hidden = audiences.length === 0;
  list.addEventListener('change', () => {
    openTab(list.value);
    list.selectedIndex = 0;
  });
}

function nameOf(query) {
  return query.match(/^(?:query|mutation|subscription) (\w+)/m)[1];
}

/** GraphiQL opens tabs by its button alone. */
function openTab(query) {
  document.querySelector(NEW_TAB).click();
  requestAnimationFrame(() => {
    const editor = document.querySelector(EDITOR).CodeMirror;
    editor.setValue(query);
    editor.focus();
  });
}
