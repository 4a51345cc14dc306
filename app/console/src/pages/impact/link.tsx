import { Link } from 'wouter';

import { useSpoken } from '../../words';
import { words } from './words';

/** The way to the impact of a version. */
export function ImpactLink({ number }: { number: number }) {
  return <Link href={`/versions/${number}/impact`}>{useSpoken(words).link}</Link>;
}
