/** What a version changed, brought over to what is in force. */
import { merged } from '../../parts/lines';

export interface Text {
  name: string;
  /** Null: it is taken away. */
  text: string | null;
}

type Texts = readonly { name: string; text: string }[];

/** The texts to set in what is in force, so that it has what was changed from a base; where both changed, lines of both. */
export function carried(base: Texts, changed: Texts, inForce: Texts): Text[] {
  const [was, is, now] = [base, changed, inForce].map((texts) => new Map(texts.map(({ name, text }) => [name, text]))) as
    [Map<string, string>, Map<string, string>, Map<string, string>];
  const wanted = [...new Set([...was.keys(), ...is.keys()])].filter((name) => was.get(name) !== is.get(name));
  return wanted
    .map((name) => ({ name, text: one(was.get(name), is.get(name), now.get(name)) }))
    .filter(({ name, text }) => text !== (now.get(name) ?? null));
}

function one(was: string | undefined, is: string | undefined, now: string | undefined): string | null {
  if (is === undefined) return null;
  return was === undefined || now === undefined ? is : merged(was, is, now).text;
}
