import type { ColumnTrailQuery } from '@/api/generated'
import { reach } from './graph'

type Columns = ColumnTrailQuery['columnLineage']

export interface TrailStep {
  id: string
  field: string
  dataset: string
  /** In words of the transformations: "aggregation, masked" */
  how: string
  /** Jobs between */
  away: number
}

/** What a column is made from and what it goes into, nearest first. */
export function trailOf(columns: Columns, datasetId: string, field: string) {
  const own = columns.nodes.find((node) => node.dataset.id === datasetId && node.field === field)
  return { made: side(columns, own?.id, 'up'), goes: side(columns, own?.id, 'down') }
}

/** All columns before or behind one, with how many jobs are between; the column itself is 0 away. */
export function wayOf({ edges }: Columns, from: string, to: 'up' | 'down'): Map<string, number> {
  const near = new Map<string, Set<string>>()
  for (const { source, target } of edges) {
    const [here, there] = to === 'up' ? [target, source] : [source, target]
    near.set(here, (near.get(here) ?? new Set()).add(there))
  }
  return reach(near, [from], null)
}

function side(columns: Columns, from: string | undefined, to: 'up' | 'down'): TrailStep[] {
  if (from === undefined) return []
  const { nodes, edges } = columns
  const steps = wayOf(columns, from, to)
  return [...steps].flatMap(([id, away]) => {
    const node = nodes.find((one) => one.id === id)
    if (!node || away === 0) return []
    const edge = edges.find(({ source, target }) => {
      const [here, there] = to === 'up' ? [target, source] : [source, target]
      return there === id && steps.get(here) === away - 1
    })
    return [{ id, field: node.field, dataset: node.dataset.name, how: howMade(edge), away }]
  })
}

function howMade(edge: Columns['edges'][number] | undefined): string {
  const words = (edge?.transformations ?? []).map(({ type, subtype, masking }) =>
    [(subtype ?? type).toLowerCase().replaceAll('_', ' '), masking && 'masked'].filter(Boolean).join(', '),
  )
  return [...new Set(words)].join('; ')
}
