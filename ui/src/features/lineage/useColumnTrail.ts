import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { type ColumnPicture, pictureOf } from './columnPicture'
import type { GraphNode, Role, Shown } from './graph'
import { columnQuery } from './lineageQueries'
import type { LineageSearch } from './lineageSearch'

/** What the chosen column of the selected dataset is made from and goes into, as it is drawn. */
export function useColumnTrail(
  shown: Shown,
  selected: GraphNode | null,
  { column = '', asOf }: LineageSearch,
): ColumnPicture | null {
  const dataset = selected?.type === 'Dataset' && column !== '' ? selected : null
  const { data } = useQuery({
    ...columnQuery({ namespace: dataset?.where ?? '', name: dataset?.name ?? '' }, column, asOf),
    enabled: dataset !== null,
  })
  return useMemo(
    () => (data && dataset ? pictureOf(data, { field: column, dataset: dataset.id }, shown) : null),
    [data, dataset, column, shown],
  )
}

/** While a column is followed, all that it does not touch stands back. */
export function useFollowed(roles: Map<string, Role>, columns: ColumnPicture | null): Map<string, Role> {
  return useMemo(() => {
    if (!columns) return roles
    return new Map([...roles].map(([id, role]) => [id, columns.nodes.has(id) ? role : 'aside']))
  }, [roles, columns])
}
