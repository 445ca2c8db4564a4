import { RunChangedDocument, type RunRowFragment } from '@/api/generated'
import { feed, type Following } from '@/api/live'
import { pipelineKeys } from '@/features/pipelines/pipelineQueries'
import type { PipelineSearch } from '@/features/pipelines/pipelineSearch'
import { followInTimeline } from '@/features/timeline/liveTimeline'
import type { Query, QueryClient, QueryKey } from '@tanstack/react-query'
import { mergeLatestRun, mergeRun, type PipelinePages, type RunPages } from './mergeRuns'
import { belongs, type RunSearch } from './runFilter'
import { type RunDetail, runKeys } from './runQueries'

/** A burst of changes becomes one rendering. */
const gatherFor = 150
/** Counts are asked for anew at most this often while runs change. */
const countEvery = 3_000
/** An answer that was on its way while a run changed does not know of it: what is younger than this is merged again. */
const recentFor = 10_000

/** Keeps everything shown about runs up to date. */
export function followRuns(client: QueryClient): Following {
  const waiting = new Map<string, RunRowFragment>()
  const recent = new Map<string, { run: RunRowFragment; at: number }>()
  let flushTimer: number | undefined
  let countTimer: number | undefined

  const take = (run: RunRowFragment): void => {
    waiting.set(run.id, run)
    flushTimer ??= window.setTimeout(flush, gatherFor)
  }
  const flush = (): void => {
    flushTimer = undefined
    const now = Date.now()
    for (const [id, { at }] of recent) if (now - at > recentFor) recent.delete(id)
    for (const run of waiting.values()) recent.set(run.id, { run, at: now })
    applyRuns(client, [...waiting.values()])
    followInTimeline(client, [...waiting.values()])
    waiting.clear()
    countTimer ??= window.setTimeout(() => {
      countTimer = undefined
      void client.invalidateQueries({ queryKey: runKeys.counts })
      // A pipeline that comes to fit a list by its state, or moves in it, is told of by its run only.
      void client.invalidateQueries({ queryKey: pipelineKeys.lists, predicate: isShortAndByState })
    }, countEvery)
  }
  const stopWatching = client.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated' || event.action.type !== 'success' || event.action.manual) return
    const key = event.query.queryKey as QueryKey
    if (isListOfRuns(key) && recent.size > 0) {
      mergeInto(
        client,
        key,
        [...recent.values()].map(({ run }) => run),
      )
    }
  })
  return {
    feed: feed(RunChangedDocument, {}, ({ runChanged }) => take(runChanged)),
    stop: () => {
      stopWatching()
      window.clearTimeout(flushTimer)
      window.clearTimeout(countTimer)
    },
  }
}

function isShortAndByState({ queryKey, state }: Query): boolean {
  const { pages } = (state.data ?? { pages: [] }) as PipelinePages
  const { state: states, sort = '' } = queryKey[2] as PipelineSearch
  return (states !== undefined || /^-?(state|latest)$/.test(sort)) && pages.length <= 4
}

function isListOfRuns([what, how]: QueryKey): boolean {
  return (what === 'runs' || what === 'pipelines') && how === 'list'
}

/** Puts changed runs into every list and page that shows them. */
export function applyRuns(client: QueryClient, runs: RunRowFragment[]): void {
  const cache = client.getQueryCache()
  const lists = [
    ...cache.findAll({ queryKey: runKeys.lists }),
    ...cache.findAll({ queryKey: pipelineKeys.lists }),
  ]
  for (const { queryKey } of lists) mergeInto(client, queryKey, runs)
  for (const run of runs) {
    const key = runKeys.detail(run.id)
    client.setQueryData<RunDetail>(key, (shown) => shown && { ...shown, ...run })
    void client.invalidateQueries({ queryKey: key })
    void client.invalidateQueries({ queryKey: pipelineKeys.recent(run.pipeline.id) })
  }
}

function mergeInto(client: QueryClient, queryKey: QueryKey, runs: RunRowFragment[]): void {
  if (queryKey[0] === 'pipelines') {
    const { state } = queryKey[2] as PipelineSearch
    client.setQueryData<PipelinePages>(queryKey, (data) =>
      runs.reduce((pages, run) => pages && mergeLatestRun(pages, run, state), data),
    )
    return
  }
  const { search, pipelineId } = queryKey[2] as { search: RunSearch; pipelineId: string | null }
  const isHere = (run: RunRowFragment): boolean =>
    pipelineId === null ? belongs(run, search) : run.pipeline.id === pipelineId
  client.setQueryData<RunPages>(queryKey, (data) =>
    runs.reduce((pages, run) => pages && mergeRun(pages, run, isHere(run), search.sort), data),
  )
}
