import { execute } from '@/api/client'
import { FindNamesDocument, FindRunsDocument } from '@/api/generated'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { itemsOfNames, itemsOfRuns } from './items'

/** Of each kind. */
const most = 6
/** Of runs, whose names are long and alike, a single letter finds any. */
const shortestRun = 2

const common = {
  staleTime: 20_000,
  refetchInterval: false,
  placeholderData: keepPreviousData,
  gcTime: 60_000,
} as const

export function namesQuery(text: string) {
  return queryOptions({
    queryKey: ['palette', 'names', text],
    queryFn: async ({ signal }) =>
      itemsOfNames((await execute(FindNamesDocument, { text, first: most }, signal)).find),
    enabled: text !== '',
    ...common,
  })
}

export function runsQuery(text: string) {
  return queryOptions({
    queryKey: ['palette', 'runs', text],
    queryFn: async ({ signal }) =>
      itemsOfRuns((await execute(FindRunsDocument, { text, first: most }, signal)).find.runs),
    enabled: text.length >= shortestRun,
    ...common,
  })
}
