import { listIn } from '@/api/search'

/** What the page shows; it lives in the page's address, so a link shows the same. */
export interface LineageSearch {
  /** Id of the dataset, job or pipeline that all is about */
  node?: string
  direction?: Direction
  depth?: Depth
  /** Jobs on their own instead of rolled up to pipelines */
  by?: 'job'
  colour?: 'health'
  view?: 'list'
  /** ISO 8601: the graph as it was then */
  asOf?: string
  /** Nodes whose neighbours are shown besides */
  open?: string[]
  selected?: string
  column?: string
}

export const directions = ['upstream', 'downstream'] as const
export type Direction = (typeof directions)[number]
export const depths = ['1', '2', '4', '6', 'all'] as const
export type Depth = (typeof depths)[number]
export const usualDepth: Depth = '4'

/** A screen on which the graph flows from top to bottom, and most controls wait to be asked for. */
export const narrow = '(max-width: 44rem)'

/** Reads a search that anyone may have typed: what makes no sense is left out. */
export function parseLineageSearch(search: Record<string, unknown>): LineageSearch {
  const text = (name: string): string => {
    const given = search[name]
    return typeof given === 'string' ? given.trim() : ''
  }
  const one = <Value extends string>(name: string, allowed: readonly Value[]): Value | undefined =>
    allowed.find((value) => value === text(name).toLowerCase())
  const open = listIn(search['open'])
  return withoutNothing({
    node: text('node') || undefined,
    direction: one('direction', directions),
    depth: one('depth', depths),
    by: one('by', ['job']),
    colour: one('colour', ['health']),
    view: one('view', ['list']),
    asOf: instant(text('asOf')),
    open: open.length > 0 ? open : undefined,
    selected: text('selected') || undefined,
    column: text('column') || undefined,
  })
}

type Loose = { [Name in keyof LineageSearch]: LineageSearch[Name] | undefined }

/** Members without a value are left out of an address. */
export function withoutNothing(search: Loose): LineageSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined))
}

function instant(text: string): string | undefined {
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : new Date(at).toISOString()
}

/** All that comes after a node, however far away, shown as the graph was. */
export function allAfter(node: string, { by, colour, view, asOf }: LineageSearch): LineageSearch {
  const shown = { by, colour, view, asOf }
  return withoutNothing({ ...shown, node, selected: node, direction: 'downstream', depth: 'all' })
}

/** Edges to go on along; null: to the end. */
export function stepsOf(depth: Depth): number | null {
  return depth === 'all' ? null : Number(depth)
}
