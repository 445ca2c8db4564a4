import type { RunRowFragment } from '@/api/generated'
import { isOngoing } from '@/features/runs/runState'
import type { QueryClient } from '@tanstack/react-query'
import { type Bar, type Lane, timelineKeys, type TimelinePages } from './timelineQueries'

/** Lanes are asked for anew at most this often while runs change: their order, their counts, and what is linked. */
const askEvery = 12_000
/** So soon where a run changed whose lane is not there, and all lanes are. */
const askSoon = 1_000

let timer: { id: number; at: number } | undefined

/** Puts changed runs into the timeline, if it is shown: bars begin, grow and end at once. */
export function followInTimeline(client: QueryClient, runs: RunRowFragment[]): void {
  const shown = client.getQueryCache().findAll({ queryKey: timelineKeys.lists, type: 'active' })
  const missing = shown.map(({ queryKey }) => {
    const data = client.getQueryData<TimelinePages>(queryKey)
    if (!data) return false
    const merged = mergeRuns(data, runs)
    client.setQueryData<TimelinePages>(queryKey, merged.data)
    return merged.isMissing && !data.pages.at(-1)?.timeline.pageInfo.hasNextPage
  })
  if (shown.length > 0) askAnew(client, missing.includes(true) ? askSoon : askEvery)
}

function askAnew(client: QueryClient, within: number): void {
  const at = Date.now() + within
  if (timer && timer.at <= at) return
  window.clearTimeout(timer?.id)
  const id = window.setTimeout(() => {
    timer = undefined
    void client.invalidateQueries({ queryKey: timelineKeys.all })
  }, within)
  timer = { id, at }
}

/** The loaded lanes with changed runs as they are now; whether one of them has no lane here. */
export function mergeRuns(
  data: TimelinePages,
  runs: RunRowFragment[],
): { data: TimelinePages; isMissing: boolean } {
  const changed = new Map<string, RunRowFragment[]>()
  for (const run of runs) changed.set(run.pipeline.id, [...(changed.get(run.pipeline.id) ?? []), run])
  const isTouched = ({ timeline }: TimelinePages['pages'][number]): boolean =>
    timeline.edges.some(({ node }) => changed.has(node.pipeline.id))
  const pages = data.pages.map((page) => {
    if (!isTouched(page)) return page
    const edges = page.timeline.edges.map((edge) => {
      const own = changed.get(edge.node.pipeline.id)
      return own ? { ...edge, node: own.reduce(mergeRun, edge.node) } : edge
    })
    return { timeline: { ...page.timeline, edges } }
  })
  const known = new Set(
    data.pages.flatMap(({ timeline }) => timeline.edges.map(({ node }) => node.pipeline.id)),
  )
  return { data: { ...data, pages }, isMissing: [...changed.keys()].some((id) => !known.has(id)) }
}

function mergeRun(lane: Lane, run: RunRowFragment): Lane {
  const bar = barOf(run)
  if (bar === null) return lane
  const known = lane.bars.find(({ runId }) => runId === run.id)
  // One of several in a bar is seen again when lanes are asked for anew.
  if (known && known.runCount > 1) return lane
  const others = lane.bars.filter((one) => one !== known)
  const behind = others.findIndex(({ beginsAt }) => Date.parse(beginsAt) > Date.parse(bar.beginsAt))
  const bars = others.toSpliced(behind < 0 ? others.length : behind, 0, bar)
  const difference = (holds: (state: Bar['state']) => boolean): number =>
    Number(holds(run.state)) - Number(known !== undefined && holds(known.state))
  return {
    ...lane,
    bars,
    runCount: lane.runCount + (known ? 0 : 1),
    failedCount: lane.failedCount + difference((state) => state === 'FAILED'),
    activeCount: lane.activeCount + difference(isOngoing),
  }
}

function barOf({ id, state, startedAt, queuedAt, endedAt }: RunRowFragment): Bar | null {
  const beginsAt = startedAt ?? queuedAt ?? endedAt
  return beginsAt === null ? null : { runId: id, state, runCount: 1, beginsAt, endsAt: endedAt }
}
