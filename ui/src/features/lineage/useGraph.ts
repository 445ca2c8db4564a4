import { useQueries, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { merge, rolesOf, type Role, type Shown, shownOf } from './graph'
import { partQueries, spreadQuery } from './lineageQueries'
import { type LineageSearch, stepsOf, usualDepth } from './lineageSearch'

interface GraphAnswer {
  shown: Shown | null
  isTruncated: boolean
  /** What is shown is what was asked for before, until the answer is there */
  isBusy: boolean
  error: Error | null
  retry: () => void
}

/** What is to be seen: all parts that have come, put together and cut to the depth that is wanted. */
export function useGraph(search: LineageSearch): GraphAnswer {
  const { data, error, retry } = useQueries({ queries: partQueries(search), combine })
  const { direction, depth = usualDepth, open } = search
  const fresh = useMemo(() => {
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
  const shown = useKept(fresh, search.node)
  const isBusy = fresh === null && shown !== null && error === null
  return { shown, isTruncated: data.some(({ lineage }) => lineage.truncated), isBusy, error, retry }
}

/** While another graph of the same node is on its way, the last one. */
function useKept(fresh: Shown | null, node: string | undefined): Shown | null {
  const [kept, setKept] = useState({ fresh, node })
  if (fresh !== null && kept.fresh !== fresh) setKept({ fresh, node })
  return fresh ?? (kept.node === node ? kept.fresh : null)
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
export function useRoles(
  shown: Shown | null,
  selected: string | null,
  asOf: string | undefined,
): Map<string, Role> {
  const { data } = useQuery(spreadQuery(selected, asOf))
  return useMemo(() => {
    if (!shown) return new Map<string, Role>()
    const causes = (data?.rootCauses ?? []).flatMap(({ node }) =>
      node.__typename === 'LineageJob' && node.pipeline ? [node.id, node.pipeline.id] : [node.id],
    )
    return rolesOf(shown, selected, causes)
  }, [shown, selected, data])
}
