import { Link } from 'wouter';

import { useSpoken } from '../../words';
import { words } from './words';

/** The way to what a version would have changed. */
export function ShadowLink({ number }: { number: number }) {
  return <Link href={`/versions/${number}/shadow`}>{useSpoken(words).link}</Link>;
}
