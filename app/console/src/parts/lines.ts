/** Texts compared, and merged, line by line. */

export interface Piece {
  is: 'same' | 'gone' | 'new';
  lines: readonly string[];
}

const MOST = 4_000_000;

/** What became of a text. */
export function differences(before: string, after: string): Piece[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  const pieces: Piece[] = [];
  const put = (is: Piece['is'], lines: readonly string[]) => { if (lines.length > 0) pieces.push({ is, lines }); };
  let [i, j] = [0, 0];
  for (const [x, y, count] of [...matches(a, b), [a.length, b.length, 0] as const]) {
    put('gone', a.slice(i, x));
    put('new', b.slice(j, y));
    put('same', a.slice(x, x + count));
    [i, j] = [x + count, y + count];
  }
  return pieces;
}

/** Runs of lines that both have: where in one, where in the other, and how many. */
function matches(a: readonly string[], b: readonly string[]): [number, number, number][] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const inner = common(a.slice(start, a.length - end), b.slice(start, b.length - end));
  const found: [number, number, number][] = [[0, 0, start]];
  for (const [x, y] of [...inner.map(([x, y]) => [x + start, y + start] as const)]) {
    const last = found.at(-1)!;
    if (last[0] + last[2] === x && last[1] + last[2] === y) last[2]++;
    else found.push([x, y, 1]);
  }
  found.push([a.length - end, b.length - end, end]);
  return found.filter(([, , count]) => count > 0);
}

/** The longest row of lines that both have; none of texts too long to compare. */
function common(a: readonly string[], b: readonly string[]): [number, number][] {
  if (a.length * b.length > MOST) return [];
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i * width + j] = a[i] === b[j]
        ? longest[(i + 1) * width + j + 1]! + 1
        : Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!);
    }
  }
  const found: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) found.push([i++, j++]);
    else if (longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!) i++;
    else j++;
  }
  return found;
}

/** Two texts made from one, put together; where both changed the same lines, theirs come before mine, and it is counted. */
export function merged(base: string, mine: string, theirs: string): { text: string; clashes: number } {
  const [o, a, b] = [base, mine, theirs].map((text) => text.split('\n')) as [string[], string[], string[]];
  const [ofMine, ofTheirs] = [whereabouts(o, a), whereabouts(o, b)];
  const made: string[] = [];
  let clashes = 0;
  let [x, y, z] = [0, 0, 0];
  for (let next = 0; next <= o.length; next++) {
    const [i, j] = next === o.length ? [a.length, b.length] : [ofMine[next], ofTheirs[next]];
    if (i === undefined || j === undefined) continue;
    const [was, my, their] = [o.slice(x, next), a.slice(y, i), b.slice(z, j)];
    const same = (one: string[], other: string[]) => one.length === other.length && one.every((line, at) => line === other[at]);
    if (same(my, was) || same(my, their)) made.push(...their);
    else if (same(their, was)) made.push(...my);
    else {
      clashes++;
      made.push(...their, ...my);
    }
    if (next < o.length) made.push(o[next]!);
    [x, y, z] = [next + 1, i + 1, j + 1];
  }
  return { text: made.join('\n'), clashes };
}

function whereabouts(a: readonly string[], b: readonly string[]): (number | undefined)[] {
  const found: (number | undefined)[] = Array.from({ length: a.length });
  for (const [x, y, count] of matches(a, b)) {
    for (let at = 0; at < count; at++) found[x + at] = y + at;
  }
  return found;
}
