import type { RunFilter, RunRowFragment, RunState } from '@/api/generated'
import { isRunState } from './runState'

/** What narrows the list of runs; it lives in the page's address, so a link shows the same list. */
export interface RunSearch {
  state?: RunState[]
  orchestrator?: string
  q?: string
}

/** Reads a search that anyone may have typed: what makes no sense is left out. */
export function parseRunSearch(search: Record<string, unknown>): RunSearch {
  const states = list(search['state'])
    .map((state) => state.toUpperCase())
    .filter(isRunState)
  const orchestrator = text(search['orchestrator'])
  const q = text(search['q'])
  return {
    ...(states.length > 0 && { state: [...new Set(states)] }),
    ...(orchestrator && { orchestrator }),
    ...(q && { q }),
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

export function isFiltered({ state, orchestrator, q }: RunSearch): boolean {
  return Boolean(state?.length ?? orchestrator ?? q)
}

/** The same question for the API. */
export function toRunFilter({ state, orchestrator, q }: RunSearch, pipelineId: string | null): RunFilter {
  return {
    ...(state && { states: state }),
    ...(orchestrator && { orchestrators: [orchestrator] }),
    ...(pipelineId && { pipelines: [pipelineId] }),
    ...(q && { search: q }),
  }
}

/** Whether a run that has just changed belongs to the list that `search` shows: what the API would answer. */
export function belongs(run: RunRowFragment, { state, orchestrator, q }: RunSearch): boolean {
  if (state && !state.includes(run.state)) return false
  if (orchestrator && run.pipeline.orchestrator.name !== orchestrator) return false
  if (!q) return true
  const wanted = q.toLowerCase()
  return [run.pipeline.name, run.pipeline.key, run.externalId].some((name) =>
    name.toLowerCase().includes(wanted),
  )
}
