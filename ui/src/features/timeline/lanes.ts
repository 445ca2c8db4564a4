import { isOngoing } from '@/features/runs/runState'
import type { Bar, Lane, LaneGroup, Link, TimelinePages } from './timelineQueries'
import { type View, toX } from './view'

/** Runs of one pipeline at the same time stand above each other, up to so many. */
const mostLevels = 3
/** Even the shortest run can be seen, and one that matters hit. */
const narrowest: Partial<Record<Bar['state'], number>> = { FAILED: 7, RUNNING: 7, QUEUED: 7 }
const narrow = 4

/** A bar with its place, in pixels from the left. */
export interface PlacedBar {
  bar: Bar
  /** It goes on: it ends now */
  isOpen: boolean
  left: number
  width: number
  /** Counted from the top, and how many there are where it stands */
  level: number
  levels: number
}

/** When a bar begins, and ends as far as can be known now. */
export function stretchOf({ beginsAt, endsAt, state }: Bar, now: number): View {
  const from = Date.parse(beginsAt)
  const end = endsAt !== null ? Date.parse(endsAt) : isOngoing(state) ? now : from
  return { from, to: Math.max(from, end) }
}

/** The bars in sight. Runs at the same time share the height of their lane, and only they. */
export function place(bars: Bar[], view: View, width: number, now: number): PlacedBar[] {
  const placed: PlacedBar[] = []
  let together: PlacedBar[] = []
  let free: number[] = []
  for (const bar of bars) {
    const { from, to } = stretchOf(bar, now)
    if (to < view.from || from > view.to) continue
    if (free.every((until) => until <= from)) {
      together = []
      free = []
    }
    const isOpen = bar.endsAt === null && isOngoing(bar.state)
    const level = levelFor(free, from, isOpen ? Infinity : to)
    const one = { bar, isOpen, level, levels: free.length, ...boxOf(bar, view, width, now) }
    placed.push(one)
    together.push(one)
    for (const other of together) other.levels = free.length
  }
  return placed
}

/** Where a bar lies. What is too short to be seen is drawn wider, but not into the future. */
function boxOf(bar: Bar, view: View, width: number, now: number): { left: number; width: number } {
  const { from, to } = stretchOf(bar, now)
  const [left, right] = [toX(from, view, width), toX(to, view, width)]
  const shown = Math.max(right - left, narrowest[bar.state] ?? narrow)
  return { left: Math.min(left, Math.max(toX(now, view, width) - shown, left - shown)), width: shown }
}

/** The first level that is free when a bar begins; where none is, the last. */
function levelFor(free: number[], from: number, to: number): number {
  const found = free.findIndex((until) => until <= from)
  const level = found >= 0 ? found : Math.min(free.length, mostLevels - 1)
  free[level] = Math.max(free[level] ?? 0, to)
  return level
}

/** A line of the chart: the name of an orchestrator, or a lane. */
export type Row =
  | { kind: 'group'; key: string; group: LaneGroup; orchestratorKind: string }
  | { kind: 'lane'; key: string; lane: Lane }

/** All loaded lanes, each once, under the names of their orchestrators where they are grouped. */
export function rowsOf(data: TimelinePages | undefined, isGrouped: boolean): Row[] {
  const groups = new Map(data?.pages.at(-1)?.timeline.groups.map((group) => [group.orchestrator, group]))
  const seen = new Set<string>()
  const rows: Row[] = []
  let current: string | undefined
  for (const { node: lane } of data?.pages.flatMap(({ timeline }) => timeline.edges) ?? []) {
    const { id, orchestrator } = lane.pipeline
    // The order is that of the moment: a lane may have moved from one page to the next.
    if (seen.has(id)) continue
    seen.add(id)
    const group = groups.get(orchestrator.name)
    if (isGrouped && group && orchestrator.name !== current) {
      current = orchestrator.name
      const key = `group ${orchestrator.name} ${rows.length}`
      rows.push({ kind: 'group', key, group, orchestratorKind: orchestrator.kind })
    }
    rows.push({ kind: 'lane', key: id, lane })
  }
  return rows
}

/** Every link once, however many pages tell of it. */
export function linksOf(data: TimelinePages | undefined): Link[] {
  const found = new Map<string, Link>()
  for (const link of data?.pages.flatMap(({ timeline }) => timeline.links) ?? []) {
    found.set(`${link.dependency} ${link.upstream.runId} ${link.downstream.runId}`, link)
  }
  return [...found.values()]
}

/** What led to a run and what it led to, step by step across systems. */
export function chainOf(links: Link[], runId: string | undefined): Set<Link> {
  const chain = new Set<Link>()
  if (runId === undefined) return chain
  follow(links, runId, chain, 'downstream', 'upstream')
  follow(links, runId, chain, 'upstream', 'downstream')
  return chain
}

type End = 'upstream' | 'downstream'

function follow(links: Link[], start: string, chain: Set<Link>, near: End, far: End): void {
  const open = [start]
  const seen = new Set(open)
  for (let run = open.pop(); run !== undefined; run = open.pop()) {
    for (const link of links) {
      if (link[near].runId !== run) continue
      chain.add(link)
      if (!seen.has(link[far].runId)) open.push(link[far].runId)
      seen.add(link[far].runId)
    }
  }
}

/** A bar of a lane. */
export interface Spot {
  lane: Lane
  bar: Bar
}

/** Where an arrow key, Home or End leads; null where it leads nowhere. */
export function step(lanes: Lane[], { lane, bar }: Spot, key: string, now: number): Spot | null {
  const place = lane.bars.indexOf(bar)
  const along: Record<string, number> = {
    ArrowLeft: place - 1,
    ArrowRight: place + 1,
    Home: 0,
    End: lane.bars.length - 1,
  }
  const to = along[key]
  if (to !== undefined) {
    const next = lane.bars[to]
    return next ? { lane, bar: next } : null
  }
  const across: Record<string, number> = { ArrowUp: -1, ArrowDown: 1, PageUp: -10, PageDown: 10 }
  const by = across[key]
  if (by === undefined) return null
  const row = Math.min(Math.max(lanes.indexOf(lane) + by, 0), lanes.length - 1)
  const other = lanes[row]
  if (!other || other === lane) return null
  const nearest = nearestBar(other.bars, stretchOf(bar, now), now)
  return nearest ? { lane: other, bar: nearest } : null
}

/** The bar whose middle is closest to that of a stretch. */
function nearestBar(bars: Bar[], stretch: View, now: number): Bar | undefined {
  const middle = ({ from, to }: View): number => (from + to) / 2
  let found: { bar: Bar; away: number } | undefined
  for (const bar of bars) {
    const away = Math.abs(middle(stretchOf(bar, now)) - middle(stretch))
    if (!found || away < found.away) found = { bar, away }
  }
  return found?.bar
}
