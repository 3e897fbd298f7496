import { ArrowDown, ArrowUp, ChevronLeft, ChevronRight, ChevronsUpDown } from 'lucide-react';
import { useMemo, useState } from 'react';

import type { Json } from '../../protocol';
import { cellText, sortedRows, type DataFrame, type Order } from './frame';

interface DataTableProps {
  name: string;
  frame: DataFrame;
  isWhole: boolean;
}

export default function DataTable({ name, frame, isWhole }: DataTableProps) {
  const pageSize = isWhole ? 50 : 10;
  const [order, setOrder] = useState<Order | null>(null);
  const [page, setPage] = useState(0);
  const places = useMemo(() => sortedRows(frame, order), [frame, order]);
  const pages = Math.max(1, Math.ceil(places.length / pageSize));
  const shown = Math.min(page, pages - 1);
  const sort = (column: number) => {
    setOrder((before) => nextOrder(before, column));
    setPage(0);
  };
  return (
    <>
      <div className={`overflow-auto ${isWhole ? 'max-h-[70dvh]' : 'max-h-96'}`} role="region" aria-label={name} tabIndex={0}>
        <table className="w-full border-separate border-spacing-0 text-sm">
          <Head frame={frame} order={order} onSort={sort} />
          <tbody>
            {places.slice(shown * pageSize, (shown + 1) * pageSize).map((place) => <Row key={place} frame={frame} place={place} />)}
          </tbody>
        </table>
        {places.length === 0 && <p className="p-3.5 text-sm text-muted">No rows</p>}
      </div>
      {pages > 1 && <Pager page={shown} pages={pages} onPage={setPage} />}
    </>
  );
}

function nextOrder(before: Order | null, column: number): Order | null {
  if (before?.column !== column) return { column, isDescending: false };
  return before.isDescending ? null : { column, isDescending: true };
}

const HEAD_CELL = 'sticky top-0 z-10 border-b border-line bg-sunken p-0 font-medium whitespace-nowrap';

function Head({ frame, order, onSort }: { frame: DataFrame; order: Order | null; onSort: (column: number) => void }) {
  return (
    <thead>
      <tr>
        {frame.index && <th scope="col" className={HEAD_CELL}><span className="sr-only">Row</span></th>}
        {frame.columns.map(({ name, isNumeric }, column) => {
          const sorted = order?.column === column ? order : null;
          const Icon = sorted ? (sorted.isDescending ? ArrowDown : ArrowUp) : ChevronsUpDown;
          return (
            <th key={column} scope="col" className={HEAD_CELL} aria-sort={sorted ? (sorted.isDescending ? 'descending' : 'ascending') : 'none'}>
              <button
                type="button"
                onClick={() => onSort(column)}
                className={`group flex w-full items-center gap-1.5 px-3.5 py-2 focus-visible:outline-offset-[-2px] ${isNumeric ? 'flex-row-reverse' : ''}`}
              >
                {name}
                <Icon aria-hidden className={`size-3.5 ${sorted ? 'text-accent' : 'text-muted opacity-50 group-hover:opacity-100'}`} />
              </button>
            </th>
          );
        })}
        <th aria-hidden className={`${HEAD_CELL} w-full`} />
      </tr>
    </thead>
  );
}

function Row({ frame, place }: { frame: DataFrame; place: number }) {
  const row = frame.rows[place] ?? [];
  return (
    <tr className="hover:bg-sunken/60 [&:last-child>*]:border-b-0">
      {frame.index && <th scope="row" className="border-b border-line px-3.5 py-1.5 text-left font-normal whitespace-nowrap text-muted">{cellText(frame.index[place])}</th>}
      {frame.columns.map(({ isNumeric }, column) => {
        const value = row[column];
        return (
          <td key={column} className={`max-w-80 min-w-16 truncate border-b border-line px-3.5 py-1.5 ${isNumeric ? 'text-right tabular-nums' : ''}`} title={cellText(value)}>
            {value === null || value === undefined ? <span className="text-muted">–</span> : shownText(value)}
          </td>
        );
      })}
      {/* Takes what is left, so that few columns stay together. */}
      <td aria-hidden className="border-b border-line" />
    </tr>
  );
}

/** The digits of a float that nobody reads are in the tooltip. */
function shownText(value: Json): string {
  return typeof value === 'number' && !Number.isInteger(value) ? String(Number(value.toPrecision(7))) : cellText(value);
}

function Pager({ page, pages, onPage }: { page: number; pages: number; onPage: (page: number) => void }) {
  const button = 'grid size-8 place-items-center rounded-lg hover:bg-sunken disabled:opacity-35 disabled:hover:bg-transparent';
  return (
    <nav aria-label="Pages of the table" className="flex items-center justify-end gap-1 border-t border-line px-2 py-1 text-sm text-muted">
      <span aria-live="polite" className="mr-1 tabular-nums">Page {page + 1} of {pages}</span>
      <button type="button" className={button} aria-label="Page before" disabled={page === 0} onClick={() => onPage(page - 1)}>
        <ChevronLeft aria-hidden className="size-4" />
      </button>
      <button type="button" className={button} aria-label="Next page" disabled={page === pages - 1} onClick={() => onPage(page + 1)}>
        <ChevronRight aria-hidden className="size-4" />
      </button>
    </nav>
  );
}
