import {
  flexRender,
  getCoreRowModel,
  type Row as TableRow,
  useReactTable,
  type ColumnDef,
} from '@tanstack/react-table'
import { defaultRangeExtractor, type Range, useWindowVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react'
import { memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useFlight } from './useFlight'
import { useMedia } from './useMedia'
import styles from './VirtualTable.module.css'

/** By which column, and which way round. */
export interface Sort {
  column: string
  isDescending: boolean
}

/** A column: `size` is its share of the width, `minSize` what it needs, in rem. */
export type Column<Row> = ColumnDef<Row> & {
  id: string
  header: string
  size: number
  minSize: number
  /** All that is shown of it while rows fly past, faster than they could be drawn */
  glimpse?: (row: Row) => string
}

interface VirtualTableProps<Row> {
  label: string
  rows: Row[]
  columns: Column<Row>[]
  rowId: (row: Row) => string
  /** How many there are on all pages, as far as that is known */
  total: number | undefined
  sort: Sort | null
  onSort: (sort: Sort) => void
  /** Places the cells of a row that is laid out as a card */
  cardClass: string | undefined
  /** Height of a card, in pixels */
  cardHeight: number
  /** Asks for the next page; undefined where there is none, or it is on its way */
  onMore: (() => void) | undefined
}

const rowHeight = 52
/** Rows above and below those in sight: more would be made for nothing where scrolling skips whole screens. */
const overscan = 5
/** So many rows before the end the next page is asked for. */
const ahead = 30

/**
 * A table of any length: only the rows in sight exist. Its roles are spelt out, because rows are laid out as a grid (and as
 * cards where there is little room), and a table that is not displayed as one is none for a screen reader.
 */
export function VirtualTable<Row>({ rows, columns, onMore, total, ...props }: VirtualTableProps<Row>) {
  const isCards = useMedia('(max-width: 64rem)')
  const height = isCards ? props.cardHeight : rowHeight
  const body = useRef<HTMLTableSectionElement>(null)
  const top = useTopOf(body)
  const kept = useFocusedRow(body, rows, props.rowId)
  const rangeExtractor = useCallback((range: Range) => withRow(defaultRangeExtractor(range), kept), [kept])
  const flight = useFlight()
  const virtual = useWindowVirtualizer({
    observeElementOffset: flight.observe,
    count: rows.length,
    estimateSize: () => height,
    overscan,
    scrollMargin: top,
    rangeExtractor,
  })
  useEffect(() => virtual.measure(), [virtual, height])
  const inSight = virtual
    .getVirtualItems()
    .map(({ index }) => index)
    .filter((index) => index < rows.length)
  const last = virtual.range?.endIndex ?? 0
  useEffect(() => {
    if (onMore && last >= rows.length - ahead) onMore()
  }, [onMore, last, rows.length])
  return (
    <table
      role="table"
      aria-label={props.label}
      aria-rowcount={total === undefined ? -1 : Math.max(total, rows.length) + 1}
      className={styles.table}
      style={{ '--tracks': tracks(columns) } as React.CSSProperties}
    >
      <Cells
        {...props}
        columns={columns}
        rows={inSight.map((index) => rows[index] as Row)}
        inSight={inSight}
        height={height}
        isFast={flight.isFast}
        kept={kept}
        whole={virtual.getTotalSize()}
        bodyRef={body}
      />
    </table>
  )
}

type CellsProps<Row> = Pick<
  VirtualTableProps<Row>,
  'rows' | 'columns' | 'rowId' | 'sort' | 'onSort' | 'cardClass'
> & {
  inSight: number[]
  height: number
  isFast: boolean
  /** The place of the row with the focus, of which all stays there */
  kept: number
  whole: number
  bodyRef: React.Ref<HTMLTableSectionElement>
}

/** The table's model knows the rows in sight only: that of a hundred thousand would be built anew with each change. */
function Cells<Row>(props: CellsProps<Row>) {
  const { rows, inSight, columns, rowId, sort, onSort, height } = props
  // eslint-disable-next-line react-hooks/incompatible-library -- it is made anew for each set of rows
  const table = useReactTable<Row>({
    data: rows,
    columns,
    getRowId: rowId,
    getCoreRowModel: getCoreRowModel(),
    manualSorting: true,
    enableSortingRemoval: false,
    sortDescFirst: false,
    state: { sorting: sort ? [{ id: sort.column, desc: sort.isDescending }] : [] },
    onSortingChange: (update) => {
      const now = sort ? [{ id: sort.column, desc: sort.isDescending }] : []
      const [next] = typeof update === 'function' ? update(now) : update
      if (next) onSort({ column: next.id, isDescending: next.desc })
    },
  })
  return (
    <>
      <thead role="rowgroup" className={styles.head}>
        <tr role="row" aria-rowindex={1} className={styles.headRow}>
          {table.getFlatHeaders().map(({ id, column }) => (
            <HeaderCell
              key={id}
              id={id}
              title={String(column.columnDef.header)}
              sorted={column.getIsSorted()}
              onSort={column.columnDef.enableSorting ? () => column.toggleSorting() : undefined}
            />
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup" ref={props.bodyRef} className={styles.body} style={{ height: props.whole }}>
        {table.getRowModel().rows.map((row) => {
          const place = inSight[row.index] ?? 0
          return (
            <BodyRow
              key={row.id}
              {...{ row, height, place }}
              isFast={props.isFast && place !== props.kept}
              cardClass={props.cardClass}
            />
          )
        })}
      </tbody>
    </>
  )
}

interface BodyRowProps<Row> {
  row: TableRow<Row>
  /** Counted from the first of all rows */
  place: number
  height: number
  isFast: boolean
  cardClass: string | undefined
}

function BodyRowOf<Row>({ row, place, height, isFast, cardClass }: BodyRowProps<Row>) {
  return (
    <tr
      role="row"
      aria-rowindex={place + 2}
      data-row={row.id}
      className={`${styles.row ?? ''} ${cardClass ?? ''}`}
      style={{ height, transform: `translateY(${place * height}px)` }}
    >
      {row.getAllCells().map((cell) => (
        <td key={cell.id} role="cell" data-column={cell.column.id} className={styles.cell}>
          {isFast
            ? (cell.column.columnDef as Column<Row>).glimpse?.(row.original)
            : flexRender(cell.column.columnDef.cell, cell.getContext())}
        </td>
      ))}
    </tr>
  )
}

/** Drawn anew only where what it shows has changed: scrolling makes the rows that come into sight, and no others. */
const BodyRow = memo(
  BodyRowOf,
  (before, now) =>
    before.row.original === now.row.original &&
    before.place === now.place &&
    before.height === now.height &&
    (before.isFast === now.isFast || !before.isFast) &&
    before.cardClass === now.cardClass,
) as typeof BodyRowOf

interface HeaderCellProps {
  id: string
  title: string
  sorted: 'asc' | 'desc' | false
  onSort: (() => void) | undefined
}

function HeaderCell({ id, title, sorted, onSort }: HeaderCellProps) {
  const Arrow = sorted === 'asc' ? ArrowUp : sorted === 'desc' ? ArrowDown : ChevronsUpDown
  const order = sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : 'none'
  if (!onSort) {
    return (
      <th role="columnheader" scope="col" data-column={id} className={styles.fixed}>
        {id === 'actions' ? <span className="visually-hidden">{title}</span> : title}
      </th>
    )
  }
  return (
    <th role="columnheader" scope="col" data-column={id} aria-sort={order}>
      <button type="button" className={styles.sort} data-sorted={sorted !== false} onClick={onSort}>
        {title} <Arrow aria-hidden size={13} />
      </button>
    </th>
  )
}

function tracks<Row>(columns: Column<Row>[]): string {
  return columns.map(({ size, minSize }) => `minmax(${minSize}rem, ${size}fr)`).join(' ')
}

/** The place of the row with the focus, which has to exist also out of sight: else nothing would have the focus. */
function useFocusedRow<Row>(
  body: React.RefObject<HTMLElement | null>,
  rows: Row[],
  rowId: (row: Row) => string,
): number {
  const [id, setId] = useState<string | null>(null)
  useEffect(() => {
    const follow = ({ target }: FocusEvent): void => {
      if (!(target instanceof Element)) return
      const row = body.current?.contains(target) ? target.closest<HTMLElement>('[data-row]') : null
      // A menu or dialog that a row has opened stands outside the page, and gives the focus back to the row.
      if (row || target.closest('#root')) setId(row?.dataset['row'] ?? null)
    }
    document.addEventListener('focusin', follow)
    return () => document.removeEventListener('focusin', follow)
  }, [body])
  return useMemo(() => (id === null ? -1 : rows.findIndex((row) => rowId(row) === id)), [id, rows, rowId])
}

function withRow(inSight: number[], place: number): number[] {
  return place < 0 || inSight.includes(place) ? inSight : [...inSight, place].sort((a, b) => a - b)
}

/** How far below the top of the document an element begins, also after what stands above it has grown. */
function useTopOf(element: React.RefObject<HTMLElement | null>): number {
  const [top, setTop] = useState(0)
  useLayoutEffect(() => {
    const measure = (): void => {
      if (element.current) setTop(Math.round(element.current.getBoundingClientRect().top + window.scrollY))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(document.body)
    return () => observer.disconnect()
  }, [element])
  return top
}
