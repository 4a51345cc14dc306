/** Which rows and columns of a large table are to be seen: no others are drawn. */
import { useCallback, useLayoutEffect, useRef, useState } from 'react';

export interface Size {
  row: number;
  column: number;
  head: number;
  side: number;
}

export interface Seen {
  rows: [number, number];
  columns: [number, number];
}

const AROUND = 2;

export function useWindow(size: Size, rows: number, columns: number) {
  const box = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState<Seen>({ rows: [0, 0], columns: [0, 0] });
  const look = useCallback(() => {
    const at = box.current;
    if (!at) return;
    const between = (from: number, length: number, each: number, count: number): [number, number] => [
      Math.max(0, Math.min(count, Math.floor(from / each) - AROUND)), Math.min(count, Math.ceil((from + length) / each) + AROUND),
    ];
    const next: Seen = {
      rows: between(at.scrollTop, at.clientHeight - size.head, size.row, rows),
      columns: between(at.scrollLeft, at.clientWidth - size.side, size.column, columns),
    };
    setSeen((before) => (JSON.stringify(before) === JSON.stringify(next) ? before : next));
  }, [size, rows, columns]);
  useLayoutEffect(() => {
    look();
    const watching = new ResizeObserver(look);
    if (box.current) watching.observe(box.current);
    return () => watching.disconnect();
  }, [look]);

  /** Scrolls as little as is needed for a cell to be seen. */
  const show = useCallback((row: number, column: number) => {
    const at = box.current;
    if (!at) return;
    const into = (from: number, length: number, start: number, extent: number) =>
      (start < from ? start : start + extent > from + length ? start + extent - length : from);
    at.scrollTop = into(at.scrollTop, at.clientHeight - size.head, row * size.row, size.row);
    at.scrollLeft = into(at.scrollLeft, at.clientWidth - size.side, column * size.column, size.column);
  }, [size]);
  return { box, seen, look, show };
}
