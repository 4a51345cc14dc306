import type { ReactNode } from 'react';

interface Sheet {
  /** What is in it, for those who do not see it. */
  title: string;
  heads: readonly string[];
  children: ReactNode;
}

/** A table that is scrolled by itself where it is wider than the page. */
export function Sheet({ title, heads, children }: Sheet) {
  return (
    <div className="wide" role="region" aria-label={title} tabIndex={0}>
      <table>
        <thead>
          <tr>{heads.map((head) => <th key={head} scope="col">{head}</th>)}</tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
