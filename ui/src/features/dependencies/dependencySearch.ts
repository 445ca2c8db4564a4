import type { DefinitionOrigin, FiringState } from '@/api/generated'
import { listIn, namesIn } from '@/api/search'
import { splitName, subjectOf } from './conditionTree'
import type { ListedDependency } from './dependencyQueries'
import { isFiringState } from './dependencyWords'

/** How a dependency stands: stopped, or by its newest firing. */
export type Standing = 'waiting' | 'firing' | 'well' | 'failed' | 'cancelled' | 'stopped' | 'never'
export const standings: Standing[] = ['waiting', 'firing', 'well', 'failed', 'cancelled', 'stopped', 'never']

/** What narrows the list of dependencies; it lives in the page's address. */
export interface DependencySearch {
  q?: string
  orchestrator?: string
  origin?: DefinitionOrigin
  standing?: Standing[]
}

/** Reads a search that anyone may have typed: what makes no sense is left out. */
export function parseDependencySearch(search: Record<string, unknown>): DependencySearch {
  const q = text(search['q'])
  const orchestrator = text(search['orchestrator'])
  const origin = text(search['origin']).toUpperCase()
  const standing = listIn(search['standing'])
    .map((one) => one.toLowerCase())
    .filter((one): one is Standing => (standings as string[]).includes(one))
  return {
    ...(q && { q }),
    ...(orchestrator && { orchestrator }),
    ...((origin === 'CONFIG' || origin === 'API') && { origin }),
    ...(standing.length > 0 && { standing: [...new Set(standing)] }),
  }
}

/** Which of a dependency's firings are shown. */
export interface FiringSearch {
  state?: FiringState[]
}

export function parseFiringSearch(search: Record<string, unknown>): FiringSearch {
  const state = namesIn(search['state'], isFiringState)
  return state.length > 0 ? { state } : {}
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : ''
}

const standingOfState: Record<FiringState, Standing> = {
  WAITING: 'waiting',
  READY: 'firing',
  TRIGGERING: 'firing',
  TRIGGERED: 'firing',
  SUCCEEDED: 'well',
  FAILED: 'failed',
  EXPIRED: 'failed',
  CANCELLED: 'cancelled',
}

export function standingsOf({ isEnabled, isPaused, newest }: ListedDependency): Standing[] {
  const byFiring = newest === null ? 'never' : standingOfState[newest.state]
  return isEnabled && !isPaused ? [byFiring] : ['stopped', byFiring]
}

export function isFiltered(search: DependencySearch): boolean {
  return Object.keys(search).length > 0
}

/** Whether a dependency is one of those that are looked for. */
export function matches(dependency: ListedDependency, search: DependencySearch): boolean {
  const { q, orchestrator, origin, standing } = search
  if (origin && dependency.origin !== origin) return false
  if (orchestrator && !orchestratorsOf(dependency).has(orchestrator)) return false
  if (standing && !standingsOf(dependency).some((one) => standing.includes(one))) return false
  if (!q) return true
  const said = [dependency.name, dependency.targetName, dependency.expression, dependency.description ?? '']
  return said.some((one) => one.toLowerCase().includes(q.toLowerCase()))
}

/** Those that it joins. */
export function orchestratorsOf({ upstream, targetName }: Pick<ListedDependency, 'upstream' | 'targetName'>) {
  const found = new Set([splitName(targetName).orchestrator])
  for (const condition of upstream) {
    const subject = subjectOf(condition)
    if (subject.what === 'pipeline') found.add(subject.orchestrator)
  }
  return found
}
