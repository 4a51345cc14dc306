/** Texts compared, and merged, line by line. */
import { diffComm, diff3Merge } from 'node-diff3';

export interface Piece {
  is: 'same' | 'gone' | 'new';
  lines: readonly string[];
}

/** What became of a text. */
export function differences(before: string, after: string): Piece[] {
  const pieces = diffComm(before.split('\n'), after.split('\n')).flatMap((part): Piece[] => (
    'common' in part
      ? [{ is: 'same', lines: part.common }]
      : [{ is: 'gone', lines: part.buffer1 }, { is: 'new', lines: part.buffer2 }]
  ));
  return pieces.filter(({ lines }) => lines.length > 0);
}

/** Two texts made from one, put together; where both changed the same lines, theirs come before mine, and it is counted. */
export function merged(base: string, mine: string, theirs: string): { text: string; clashes: number } {
  const parts = diff3Merge(theirs.split('\n'), base.split('\n'), mine.split('\n'));
  const lines = parts.flatMap((part) => part.ok ?? [...part.conflict!.a, ...part.conflict!.b]);
  return { text: lines.join('\n'), clashes: parts.filter((part) => part.conflict).length };
}
