/** What would change, in sentences: who gains, who loses, what breaks. */
import { counted, said, type Language } from '../../words';
import type { Told } from './asked';
import type { words } from './words';

type Words = (typeof words)['en'];

export interface Saying { words: Words; language: Language; typeName(type: string): string }

/** How many people it concerns, which fields, on how many rows of one of them at most, and how many of these come or go. */
interface Change { people: number; fields: Set<string>; rows: number; apart: number }
type To = 'plain' | 'masked' | 'withheld';

/** The key is plain on each row that is seen: it tells of rows, and of nothing else. */
const KEY = 'id';

function changes(told: Told, to: To): Map<string, Change> {
  const found = new Map<string, Change>();
  for (const type of told.groups.flatMap((group) => group.people.flatMap((person) => person.types))) {
    const turned = type.fields.filter((each) => each[to] > 0);
    const apart = to === 'plain' ? type.gained ?? 0 : to === 'withheld' ? type.lost ?? 0 : 0;
    const rows = Math.max(apart, ...turned.map((each) => each[to]));
    if (rows === 0) continue;
    const before = found.get(type.type) ?? { people: 0, fields: new Set<string>(), rows: 0, apart: 0 };
    const fields = new Set([...before.fields, ...turned.map((each) => each.field).filter((field) => field !== KEY)]);
    found.set(type.type, { people: before.people + 1, fields, rows: Math.max(before.rows, rows), apart: Math.max(before.apart, apart) });
  }
  return found;
}

function clauses(told: Told, to: To, forms: { fields: string; rows: string; both: string }, { words, language, typeName }: Saying): string[] {
  return [...changes(told, to)].map(([type, change]) => {
    const form = change.fields.size === 0 ? forms.rows : change.apart > 0 ? forms.both : forms.fields;
    return said(form, {
      people: counted(words.people, change.people, language), fields: counted(words.fields, change.fields.size, language),
      rows: change.rows.toLocaleString(language), apart: change.apart.toLocaleString(language), type: typeName(type),
    });
  });
}

/** All of it; none where nothing changes. */
export function sentences(told: Told, saying: Saying): string[] {
  const { words, language } = saying;
  if (told.groups.length === 0 && told.documents.length === 0) return [];
  const gains = clauses(told, 'plain', words.gain, saying);
  const masks = clauses(told, 'masked', words.mask, saying);
  const losses = clauses(told, 'withheld', words.lose, saying);
  const breaks = told.documents.length ? counted(words.documents, told.documents.length, language) : words.noDocuments;
  const isAllCounted = told.groups.every((group) => group.types.every((type) => type.countable));
  const none = (clause: string) => (isAllCounted ? [clause] : []);
  return [...(gains.length ? gains : none(words.nobodyGains)), ...masks, ...(losses.length ? losses : none(words.nobodyLoses)), breaks];
}

/** Types of which the asker may not count what changes. */
export function uncounted(told: Told): string[] {
  return [...new Set(told.groups.flatMap((group) => group.types.filter((type) => !type.countable).map((type) => type.type)))];
}
