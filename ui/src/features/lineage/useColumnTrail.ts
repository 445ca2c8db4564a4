import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { GraphNode } from './graph'
import { columnQuery } from './lineageQueries'

/** Of each dataset, the columns that a column is made from or goes into. */
export function useColumnTrail(dataset: GraphNode | null, column: string | undefined): Map<string, string[]> {
  const { data } = useQuery({
    ...columnQuery({ namespace: dataset?.where ?? '', name: dataset?.name ?? '' }, column ?? ''),
    enabled: dataset !== null && column !== undefined,
  })
  return useMemo(() => {
    const found = new Map<string, string[]>()
    for (const { field, dataset: of } of data?.nodes ?? []) {
      found.set(of.id, [...(found.get(of.id) ?? []), field])
    }
    return found
  }, [data])
}
