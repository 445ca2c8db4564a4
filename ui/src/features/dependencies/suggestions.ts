import { execute } from '@/api/client'
import { type PipelineFilter, SuggestDatasetsDocument, SuggestPipelinesDocument } from '@/api/generated'
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query'
import { useDeferredValue } from 'react'
import { splitName } from './conditionTree'

const most = 12
const seldom = { staleTime: 60_000, refetchInterval: false, placeholderData: keepPreviousData } as const

/** Pipelines by what has been typed of "orchestrator/key". */
export function pipelineFilter(typed: string): PipelineFilter {
  const text = typed.trim()
  if (!text.includes('/')) return { isActive: true, search: text }
  const { orchestrator, key } = splitName(text)
  return { isActive: true, orchestrators: [orchestrator], search: key }
}

function pipelinesQuery(typed: string) {
  return queryOptions({
    queryKey: ['dependencies', 'suggested pipelines', typed.trim()],
    queryFn: async ({ signal }) => {
      const asked = { filter: pipelineFilter(typed), first: most }
      const { pipelines } = await execute(SuggestPipelinesDocument, asked, signal)
      return pipelines.edges.map(({ node }) => `${node.orchestrator.name}/${node.key}`)
    },
    ...seldom,
  })
}

function datasetsQuery(typed: string) {
  return queryOptions({
    queryKey: ['dependencies', 'suggested datasets', typed.trim()],
    queryFn: async ({ signal }) =>
      (await execute(SuggestDatasetsDocument, { text: typed.trim(), first: most }, signal)).find.datasets,
    enabled: typed.trim() !== '',
    ...seldom,
  })
}

export function useSuggestedPipelines(typed: string): string[] {
  return useQuery(pipelinesQuery(useDeferredValue(typed))).data ?? []
}

export function useSuggestedDatasets(typed: string): { namespace: string; name: string }[] {
  return useQuery(datasetsQuery(useDeferredValue(typed))).data ?? []
}

export const timezones: string[] = [
  'UTC',
  ...Intl.supportedValuesOf('timeZone').filter((one) => one !== 'UTC'),
]
