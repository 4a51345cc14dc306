/** Rules in sentences, in the language that is spoken. */
import { useSpoken } from '../../words';
import { phrases, type Phrases } from './words';

export { conditionInWords, inWords, isWhole, read, valueInWords, write, type Condition } from './condition';
export { listed, named, ruleInWords, type Rule } from './rule';
export type { Phrases };

export function usePhrases(): Phrases {
  return useSpoken(phrases);
}
