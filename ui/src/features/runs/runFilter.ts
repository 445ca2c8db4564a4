import type { RunFilter, RunRowFragment, RunState, RunTrigger } from '@/api/generated'
import { parseInstant } from '@/time/moment'
import { parseRunSort, type RunSort } from './runOrder'
import { isRunState } from './runState'
import { isRunTrigger } from './runWords'

/** What narrows the list of runs; it lives in the page's address, so a link shows the same list. */
export interface RunSearch {
  state?: RunState[]
  orchestrator?: string
  q?: string
  trigger?: RunTrigger[]
  /** Started then or later */
  after?: string
  /** Started earlier than that */
  before?: string
  /** The order; the newest first where it says nothing */
  sort?: RunSort
}

/** Reads a search that anyone may have typed: what makes no sense is left out. */
export function parseRunSearch(search: Record<string, unknown>): RunSearch {
  const states = list(search['state'])
    .map((state) => state.toUpperCase())
    .filter(isRunState)
  const orchestrator = text(search['orchestrator'])
  const q = text(search['q'])
  const triggers = list(search['trigger'])
    .map((trigger) => trigger.toUpperCase())
    .filter(isRunTrigger)
  const after = parseInstant(search['after'])
  const before = parseInstant(search['before'])
  const sort = parseRunSort(search['sort'])
  return {
    ...(states.length > 0 && { state: [...new Set(states)] }),
    ...(orchestrator && { orchestrator }),
    ...(q && { q }),
    ...(triggers.length > 0 && { trigger: [...new Set(triggers)] }),
    ...(after && { after }),
    ...(before && { before }),
    ...(sort && { sort }),
  }
}

function list(value: unknown): string[] {
  if (Array.isArray(value)) return value.filter((one) => typeof one === 'string')
  return typeof value === 'string' ? value.split(',') : []
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number'
    ? String(value).trim() || undefined
    : undefined
}

export function isFiltered({ sort: _, ...filters }: RunSearch): boolean {
  return Object.keys(filters).length > 0
}

export function withoutFilters({ sort }: RunSearch): RunSearch {
  return sort ? { sort } : {}
}

/** The same question for the API. */
export function toRunFilter(search: RunSearch, pipelineId: string | null): RunFilter {
  const { state, orchestrator, q, trigger, after, before } = search
  return {
    ...(state && { states: state }),
    ...(orchestrator && { orchestrators: [orchestrator] }),
    ...(pipelineId && { pipelines: [pipelineId] }),
    ...(q && { search: q }),
    ...(trigger && { triggers: trigger }),
    ...(after && { startedAfter: after }),
    ...(before && { startedBefore: before }),
  }
}

/** Whether a run that has just changed belongs to the list that `search` shows: what the API would answer. */
export function belongs(run: RunRowFragment, search: RunSearch): boolean {
  const { state, orchestrator, q, trigger } = search
  if (state && !state.includes(run.state)) return false
  if (trigger && !trigger.includes(run.trigger)) return false
  if (orchestrator && run.pipeline.orchestrator.name !== orchestrator) return false
  if (!isWithin(run.startedAt, search)) return false
  if (!q) return true
  const wanted = q.toLowerCase()
  return [run.pipeline.name, run.pipeline.key, run.externalId].some((name) =>
    name.toLowerCase().includes(wanted),
  )
}

function isWithin(startedAt: string | null, { after, before }: RunSearch): boolean {
  if (after === undefined && before === undefined) return true
  if (startedAt === null) return false
  const at = Date.parse(startedAt)
  return (!after || at >= Date.parse(after)) && (!before || at < Date.parse(before))
}
