/** The matrix itself: rows of fields, columns of roles; moved through by keys as by the wheel. */
import { memo, useEffect, useId, useMemo, useState, type KeyboardEvent } from 'react';

import { useSpoken } from '../../words';
import { useTypeName } from '../../words/types';
import type { Cell, Store } from './lines';
import type { Row } from './rows';
import { useWindow, type Size } from './window';
import { words as spoken } from './words';

export interface Role {
  code: string;
  name: string;
}

interface Given {
  rows: readonly Row[];
  roles: readonly Role[];
  store: Store;
  /** What it is compared with: another version. */
  other: Store | null;
  told: number;
  label(type: string, field: string): string;
  onOpen(row: Row, role: Role): void;
}

const WIDE: Size = { row: 30, column: 112, head: 44, side: 250 };
const NARROW: Size = { row: 30, column: 92, head: 44, side: 138 };

export function Grid({ rows, roles, store, other, told, label, onOpen }: Given) {
  const words = useSpoken(spoken);
  const id = useId();
  const compares = other !== null;
  const size = useMemo(() => ({ ...(window.innerWidth < 700 ? NARROW : WIDE), ...(compares && { column: 190 }) }), [compares]);
  const { box, seen, look, show } = useWindow(size, rows.length, roles.length);
  const [at, setAt] = useState({ row: 0, column: 0 });
  const active = { row: Math.min(at.row, rows.length - 1), column: Math.min(at.column, roles.length - 1) };
  const codes = roles.map(({ code }) => code);

  useEffect(() => {
    const types = [...new Set(rows.slice(...seen.rows).map(({ type }) => type))];
    for (const each of [store, other]) each?.want(codes, ...seen.columns, types);
  }, [seen, rows, roles, store, other]);

  function go(row: number, column: number) {
    const next = { row: Math.max(0, Math.min(rows.length - 1, row)), column: Math.max(0, Math.min(roles.length - 1, column)) };
    setAt(next);
    show(next.row, next.column);
  }

  function press(event: KeyboardEvent) {
    const page = Math.max(1, seen.rows[1] - seen.rows[0] - 4);
    const moves: Record<string, [number, number]> = {
      ArrowDown: [active.row + 1, active.column], ArrowUp: [active.row - 1, active.column],
      ArrowRight: [active.row, active.column + 1], ArrowLeft: [active.row, active.column - 1],
      PageDown: [active.row + page, active.column], PageUp: [active.row - page, active.column],
      Home: [event.ctrlKey ? 0 : active.row, 0], End: [event.ctrlKey ? rows.length - 1 : active.row, roles.length - 1],
    };
    const move = moves[event.key];
    const [row, role] = [rows[active.row], roles[active.column]];
    if (move) go(...move);
    else if ((event.key === 'Enter' || event.key === ' ') && row?.field && role) onOpen(row, role);
    else return;
    event.preventDefault();
  }

  const shownRoles = roles.slice(...seen.columns);
  return (
    <div
      ref={box} className="matrix" role="grid" tabIndex={0} aria-label={words.title} aria-rowcount={rows.length + 1} aria-colcount={roles.length + 1}
      aria-activedescendant={rows.length > 0 ? `${id}-${active.row}-${active.column}` : undefined} onScroll={look} onKeyDown={press}
    >
      <div className="space" role="presentation" style={{ height: size.head + rows.length * size.row, width: size.side + roles.length * size.column }}>
        <div className="row head" role="row" aria-rowindex={1} style={{ height: size.head }}>
          <div className="side" role="columnheader" aria-colindex={1} style={{ width: size.side }}>{words.fieldsAndRoles}</div>
          {shownRoles.map((role, place) => (
            <div
              key={role.code} className="cell" role="columnheader" aria-colindex={seen.columns[0] + place + 2} title={`${role.name} (${role.code})`}
              style={{ left: size.side + (seen.columns[0] + place) * size.column, width: size.column, height: size.head }}
            >{role.name}</div>
          ))}
        </div>
        {rows.slice(...seen.rows).map((row, place) => (
          <OneRow
            key={`${row.type} ${row.field}`} id={id} row={row} at={seen.rows[0] + place} from={seen.columns[0]} roles={shownRoles} size={size}
            store={store} other={other} told={told} active={active.row === seen.rows[0] + place ? active.column : -1} label={label}
            onOpen={(chosen, column) => { setAt({ row: seen.rows[0] + place, column }); onOpen(row, chosen); }}
          />
        ))}
      </div>
    </div>
  );
}

interface OneRow {
  id: string;
  row: Row;
  at: number;
  from: number;
  roles: readonly Role[];
  size: Size;
  store: Store;
  other: Store | null;
  told: number;
  active: number;
  label(type: string, field: string): string;
  onOpen(role: Role, column: number): void;
}

function sameRow(a: OneRow, b: OneRow): boolean {
  return a.row === b.row && a.at === b.at && a.from === b.from && a.told === b.told && a.active === b.active && a.store === b.store
    && a.other === b.other && a.label === b.label && a.roles.length === b.roles.length && a.roles.every((role, place) => role === b.roles[place]);
}

const OneRow = memo(function OneRow({ id, row, at, from, roles, size, store, other, active, label, onOpen }: OneRow) {
  const words = useSpoken(spoken);
  const typeName = useTypeName();
  const { field } = row;
  return (
    <div className={field ? 'row' : 'row type'} role="row" aria-rowindex={at + 2} style={{ top: size.head + at * size.row, height: size.row }}>
      <div className="side" role="rowheader" aria-colindex={1} style={{ width: size.side }} title={field ?? row.type}>
        {field ? label(row.type, field) : typeName(row.type)}
      </div>
      {roles.map((role, place) => {
        const column = from + place;
        const cell = field ? cellOf(store, role.code, row.type, field) : null;
        const was = field && other ? cellOf(other, role.code, row.type, field) : null;
        const differs = cell && was && !same(cell, was);
        return (
          <div
            key={role.code} id={`${id}-${at}-${column}`} role="gridcell" aria-colindex={column + 2} onClick={() => field && onOpen(role, column)}
            className={`cell ${cell?.shown ?? ''}${active === column ? ' active' : ''}${differs ? ' differs' : ''}`}
            style={{ left: size.side + column * size.column, width: size.column, height: size.row }}
          >
            {field && <Shown cell={cell} />}
            {differs && <><span className="unheard">{words.before}</span><Shown cell={was} isWas /></>}
          </div>
        );
      })}
    </div>
  );
}, sameRow);

const NONE: Cell = { shown: 'WITHHELD', mask: null };

/** Undefined: not yet told. */
export function cellOf(store: Store, role: string, type: string, field: string): Cell | undefined {
  const line = store.line(role, type);
  return line && (line.get(field) ?? NONE);
}

export function same(one: Cell, other: Cell): boolean {
  return one.shown === other.shown && one.mask === other.mask;
}

const SIGNS: Record<string, string> = { PLAIN: '●', MASKED: '◐', WITHHELD: '–', CONDITIONAL: '◇' };

function Shown({ cell, isWas }: { cell: Cell | undefined | null; isWas?: boolean }) {
  const words = useSpoken(spoken);
  if (!cell) return <span className="quiet" aria-label={words.notYet}>…</span>;
  return <span className={isWas ? 'was' : undefined}><span aria-hidden="true">{SIGNS[cell.shown]}</span> {words.shown[cell.shown]}</span>;
}
