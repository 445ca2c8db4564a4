import type { RunFilter, RunRowFragment, RunState, RunTrigger } from '@/api/generated'
import { listIn, namesIn, textIn } from '@/api/search'
import { zone } from '@/features/preferences/preferences'
import { parseInstant } from '@/time/moment'
import { parseRunSort, type RunSort } from './runOrder'
import { isRunState } from './runState'
import { beginOf, parseWhen, type When } from './runWhen'
import { isRunTrigger } from './runWords'

/** When runs started: up to now, or between two instants. */
export interface RunTimes {
  when?: When
  /** Started then or later */
  after?: string
  /** Started earlier than that */
  before?: string
}

/** What narrows the list of runs; it lives in the page's address, so a link shows the same list. */
export interface RunSearch extends RunTimes {
  state?: RunState[]
  /** By their names */
  orchestrator?: string[]
  q?: string
  trigger?: RunTrigger[]
  /** The order; the newest first where it says nothing */
  sort?: RunSort
}

/** Reads a search that anyone may have typed: what makes no sense is left out. */
export function parseRunSearch(search: Record<string, unknown>): RunSearch {
  const states = namesIn(search['state'], isRunState)
  const orchestrators = listIn(search['orchestrator'])
  const q = textIn(search['q'])
  const triggers = namesIn(search['trigger'], isRunTrigger)
  const sort = parseRunSort(search['sort'])
  return {
    ...(states.length > 0 && { state: states }),
    ...(orchestrators.length > 0 && { orchestrator: orchestrators }),
    ...(q && { q }),
    ...(triggers.length > 0 && { trigger: triggers }),
    ...parseTimes(search),
    ...(sort && { sort }),
  }
}

/** Who names instants means those. */
function parseTimes(search: Record<string, unknown>): RunTimes {
  const after = parseInstant(search['after'])
  const before = parseInstant(search['before'])
  const when = parseWhen(search['when'])
  if (after ?? before) return { ...(after && { after }), ...(before && { before }) }
  return when ? { when } : {}
}

export function isFiltered({ sort: _, ...filters }: RunSearch): boolean {
  return Object.keys(filters).length > 0
}

export function isTimed({ when, after, before }: RunTimes): boolean {
  return (when ?? after ?? before) !== undefined
}

export function withoutFilters({ sort }: RunSearch): RunSearch {
  return sort ? { sort } : {}
}

/** The same question for the API, as it is to be asked now. */
export function toRunFilter(search: RunSearch, pipelineId: string | null, now = Date.now()): RunFilter {
  const { state, orchestrator, q, trigger } = search
  const { after, before } = instantsOf(search, now)
  return {
    ...(state && { states: state }),
    ...(orchestrator && { orchestrators: orchestrator }),
    ...(pipelineId && { pipelines: [pipelineId] }),
    ...(q && { search: q }),
    ...(trigger && { triggers: trigger }),
    ...(after && { startedAfter: after }),
    ...(before && { startedBefore: before }),
  }
}

function instantsOf({ when, after, before }: RunTimes, now: number): Pick<RunTimes, 'after' | 'before'> {
  if (when) return { after: beginOf(when, now, zone.get()) }
  return { ...(after && { after }), ...(before && { before }) }
}

/** Whether a run that has just changed belongs to the list that `search` shows: what the API would answer. */
export function belongs(run: RunRowFragment, search: RunSearch, now = Date.now()): boolean {
  const { state, orchestrator, q, trigger } = search
  if (state && !state.includes(run.state)) return false
  if (trigger && !trigger.includes(run.trigger)) return false
  if (orchestrator && !orchestrator.includes(run.pipeline.orchestrator.name)) return false
  if (!isWithin(run.startedAt, instantsOf(search, now))) return false
  if (!q) return true
  const wanted = q.toLowerCase()
  return [run.pipeline.name, run.pipeline.key, run.externalId].some((name) =>
    name.toLowerCase().includes(wanted),
  )
}

function isWithin(startedAt: string | null, { after, before }: RunTimes): boolean {
  if (after === undefined && before === undefined) return true
  if (startedAt === null) return false
  const at = Date.parse(startedAt)
  return (!after || at >= Date.parse(after)) && (!before || at < Date.parse(before))
}
