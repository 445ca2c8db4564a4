import { useQueries, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { merge, rolesOf, type Role, type Shown, shownOf } from './graph'
import { partQueries, spreadQuery } from './lineageQueries'
import { type LineageSearch, stepsOf, usualDepth } from './lineageSearch'

interface GraphAnswer {
  shown: Shown | null
  isTruncated: boolean
  error: Error | null
  retry: () => void
}

/** What is to be seen: all parts that have come, put together and cut to the depth that is wanted. */
export function useGraph(search: LineageSearch): GraphAnswer {
  const { data, error, retry } = useQueries({ queries: partQueries(search), combine })
  const { direction, depth = usualDepth, open } = search
  const shown = useMemo(() => {
    const [first] = data
    if (!first) return null
    const starts = first.starts.columns.nodeIds
    return shownOf(merge(data.map(({ lineage }) => lineage)), {
      starts,
      sides: direction === undefined ? ['up', 'down'] : direction === 'upstream' ? ['up'] : ['down'],
      depth: stepsOf(depth),
      opened: open ?? [],
    })
  }, [data, direction, depth, open])
  return { shown, isTruncated: data.some(({ lineage }) => lineage.truncated), error, retry }
}

type Part = Awaited<ReturnType<NonNullable<ReturnType<typeof partQueries>[number]['queryFn']>>>
interface Answer {
  data: Part | undefined
  error: Error | null
  refetch: () => unknown
}

/** Until the part around the start is there, there is nothing; the others are added as they come. */
function combine([start, ...opened]: Answer[]) {
  const data = start?.data ? [start.data, ...opened.flatMap((one) => one.data ?? [])] : []
  return {
    data,
    error: start?.error ?? null,
    retry: () => void start?.refetch(),
  }
}

/** What each node is to the selected one. */
export function useRoles(shown: Shown | null, selected: string | null): Map<string, Role> {
  const { data } = useQuery(spreadQuery(selected))
  return useMemo(() => {
    if (!shown) return new Map<string, Role>()
    const causes = (data?.rootCauses ?? []).flatMap(({ node }) =>
      node.__typename === 'LineageJob' && node.pipeline ? [node.id, node.pipeline.id] : [node.id],
    )
    return rolesOf(shown, selected, causes)
  }, [shown, selected, data])
}
