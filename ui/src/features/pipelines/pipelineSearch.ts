import type { PipelineFilter, RunState } from '@/api/generated'
import { listIn, namesIn, textIn } from '@/api/search'
import type { Sort } from '@/components/VirtualTable'
import { isRunState } from '@/features/runs/runState'

/** What narrows and orders the table of pipelines; it lives in the page's address, so a link shows the same table. */
export interface PipelineSearch {
  q?: string
  /** By their names */
  orchestrator?: string[]
  owner?: string
  tag?: string
  /** States of the latest run */
  state?: RunState[]
  paused?: 'yes' | 'no'
  /** A column, with - before it for the other way round */
  sort?: string
}

export const sortColumns = ['name', 'orchestrator', 'owners', 'schedule', 'next', 'state', 'latest'] as const
export type SortColumn = (typeof sortColumns)[number]

/** Reads a search that anyone may have typed: what makes no sense is left out. */
export function parsePipelineSearch(search: Record<string, unknown>): PipelineSearch {
  const states = namesIn(search['state'], isRunState)
  const orchestrators = listIn(search['orchestrator'])
  const paused = textIn(search['paused'])
  const sort = textIn(search['sort'])
  const texts = (['q', 'owner', 'tag'] as const).flatMap((name) => {
    const value = textIn(search[name])
    return value ? [[name, value] as const] : []
  })
  return {
    ...Object.fromEntries(texts),
    ...(orchestrators.length > 0 && { orchestrator: orchestrators }),
    ...(states.length > 0 && { state: states }),
    ...((paused === 'yes' || paused === 'no') && { paused }),
    ...(sort && isSortColumn(sort.replace(/^-/, '')) && sort !== 'name' && { sort }),
  }
}

function isSortColumn(name: string): name is SortColumn {
  return (sortColumns as readonly string[]).includes(name)
}

export function isFiltered({ sort: _, ...filters }: PipelineSearch): boolean {
  return Object.keys(filters).length > 0
}

/** The order that a search asks for; by name where it says nothing. */
export function sortOf({ sort = 'name' }: PipelineSearch): Sort & { column: SortColumn } {
  const column = sort.replace(/^-/, '')
  return { column: isSortColumn(column) ? column : 'name', isDescending: sort.startsWith('-') }
}

/** The search with another order; that by name needs no word in the address. */
export function withSort(
  { sort: _, ...filters }: PipelineSearch,
  { column, isDescending }: Sort,
): PipelineSearch {
  const sort = `${isDescending ? '-' : ''}${column}`
  return { ...filters, ...(sort !== 'name' && { sort }) }
}

/** The same question for the API: the pipelines that their orchestrators list now. */
export function toPipelineFilter({
  q,
  orchestrator,
  owner,
  tag,
  state,
  paused,
}: PipelineSearch): PipelineFilter {
  return {
    isActive: true,
    ...(q && { search: q }),
    ...(orchestrator && { orchestrators: orchestrator }),
    ...(owner && { owners: [owner] }),
    ...(tag && { tags: [tag] }),
    ...(state && { latestState: state }),
    ...(paused && { isPaused: paused === 'yes' }),
  }
}
