import type { ColumnTrailQuery } from '@/api/generated'
import { wayOf } from './columnTrail'
import type { Shown } from './graph'
import { arrowAt, type Box, type Flow, type Layout, nodeSize, type Point, rowHeight, spot } from './layout'

/** More columns of one dataset than these are counted only. */
const mostRows = 8

export interface ColumnRow {
  name: string
  /** The column that was chosen */
  isChosen: boolean
}

export interface ColumnLink {
  id: string
  /** "amount of sales.orders to total of marts.daily_sales" */
  words: string
  source: RowPlace
  target: RowPlace
}

interface RowPlace {
  dataset: string
  row: number
}

/** One column's way through the graph. */
export interface ColumnPicture {
  /** Of each dataset on the way, the columns that have to do with it */
  rows: Map<string, ColumnRow[]>
  links: ColumnLink[]
  /** These datasets, and what runs between them */
  nodes: Set<string>
}

type Columns = ColumnTrailQuery['columnLineage']
type Column = Columns['nodes'][number]

/** Of all that is known of columns, what one is made from and goes into, as far as its datasets are shown. */
export function pictureOf(
  columns: Columns,
  chosen: Pick<Column, 'field'> & { dataset: string },
  shown: Shown,
) {
  const own = columns.nodes.find(
    ({ field, dataset }) => field === chosen.field && dataset.id === chosen.dataset,
  )
  const ways = own ? [wayOf(columns, own.id, 'up'), wayOf(columns, own.id, 'down')] : []
  const byId = new Map(
    columns.nodes
      .filter(({ id, dataset }) => shown.byId.has(dataset.id) && ways.some((way) => way.has(id)))
      .map((node) => [node.id, node]),
  )
  if (own === undefined || byId.size < 2) return null
  const fields = new Map<string, Column[]>()
  for (const node of byId.values())
    fields.set(node.dataset.id, [...(fields.get(node.dataset.id) ?? []), node])
  const rows = new Map([...fields].map(([id, of]) => [id, rowsOf(of, own.id)]))
  const links = new Map<string, ColumnLink>()
  for (const { source, target } of columns.edges) {
    const [from, to] = [byId.get(source), byId.get(target)]
    if (!from || !to || !ways.some((way) => way.has(source) && way.has(target))) continue
    const [begin, end] = [placeOf(from, fields), placeOf(to, fields)]
    const id = [begin, end].map(({ dataset, row }) => `${dataset} ${row}`).join('>')
    const words = `${from.field} of ${from.dataset.name} to ${to.field} of ${to.dataset.name}`
    links.set(id, { id, words, source: begin, target: end })
  }
  return { rows, links: [...links.values()], nodes: nodesOf(links.values(), shown) }
}

function rowsOf(columns: Column[], own: string): ColumnRow[] {
  const rows = columns.map(({ id, field }) => ({ name: field, isChosen: id === own }))
  if (rows.length <= mostRows) return rows
  const rest = rows.length - mostRows + 1
  return [...rows.slice(0, mostRows - 1), { name: `and ${rest} more`, isChosen: false }]
}

/** All that are only counted are in the last row. */
function placeOf(column: Column, fields: Map<string, Column[]>): RowPlace {
  const dataset = column.dataset.id
  const place = fields.get(dataset)?.indexOf(column) ?? 0
  return { dataset, row: Math.min(place, mostRows - 1) }
}

function nodesOf(links: Iterable<ColumnLink>, { near }: Shown): Set<string> {
  const found = new Set<string>()
  for (const { source, target } of links) {
    found.add(source.dataset).add(target.dataset)
    const readers = near.down.get(source.dataset) ?? new Set()
    for (const id of near.up.get(target.dataset) ?? []) if (readers.has(id)) found.add(id)
  }
  return found
}

/** From the end of one row to the beginning of another; where the graph flows down, in an arc beside it. */
export function linkPath({ source, target }: ColumnLink, { boxes }: Layout, flow: Flow) {
  const [from, to] = [boxes.get(source.dataset), boxes.get(target.dataset)]
  if (!from || !to) return null
  const begin = { x: from.x + from.width, y: middleOf(from, source.row) }
  const isRight = flow === 'RIGHT'
  const end = { x: isRight ? to.x : to.x + to.width, y: middleOf(to, target.row) }
  const bow = isRight ? Math.max(48, Math.abs(end.x - begin.x) / 2) : 48
  const far = isRight ? end.x - bow : Math.max(begin.x, end.x) + bow
  const near = isRight ? begin.x + bow : far
  const turns: Point[] = [{ x: near, y: begin.y }, { x: far, y: end.y }, end] // prettier-ignore
  return { line: `M${spot(begin)}C${turns.map(spot).join(' ')}`, arrow: headAt(end, isRight) }
}

function middleOf(box: Box, row: number): number {
  return box.y + nodeSize.height + (row + 0.5) * rowHeight
}

function headAt(end: Point, isRight: boolean): string {
  if (isRight) return arrowAt(end, 'RIGHT')
  return `M${spot(end)}L${spot({ x: end.x + 7, y: end.y - 4 })}L${spot({ x: end.x + 7, y: end.y + 4 })}Z`
}
