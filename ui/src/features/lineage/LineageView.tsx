import { ErrorNotice } from '@/components/Notice'
import { Skeleton } from '@/components/Skeleton'
import { useQuery } from '@tanstack/react-query'
import { type RefObject, useMemo, useSyncExternalStore } from 'react'
import type { GraphNode, Shown } from './graph'
import type { NodeLook } from './GraphNodeMark'
import type { Flow } from './layout'
import { type Draw, LineageCanvas } from './LineageCanvas'
import { LineageList } from './LineageList'
import styles from './LineagePage.module.css'
import { type Trouble, troubleQuery } from './lineageQueries'
import { type LineageSearch, withoutNothing } from './lineageSearch'
import { healthOf, huesOf, nodeLabel } from './looks'
import { NodePanel } from './NodePanel'
import { useColumnTrail } from './useColumnTrail'
import { useRoles } from './useGraph'
import { useLayout } from './useLayout'

interface LineageViewProps {
  search: LineageSearch
  onChange: (search: LineageSearch) => void
  onBegin: (node: string) => void
  shown: Shown
  drawing: RefObject<Draw | null>
}

/** The graph, as a picture or as a list, with what is selected beside it. */
export function LineageView({ search, onChange, onBegin, shown, drawing }: LineageViewProps) {
  const { open = [], column } = search
  const selected = nodeOf(shown, search.selected)
  const roles = useRoles(shown, selected?.id ?? null)
  const lookOf = useLooks(search, shown, selected)
  const select = (id: string | null): void =>
    onChange(withoutNothing({ ...search, selected: id ?? undefined, column: undefined }))
  const toggle = (id: string): void => {
    const opened = open.includes(id) ? open.filter((one) => one !== id) : [...open, id]
    onChange(
      withoutNothing({
        ...search,
        open: opened.length > 0 ? opened : undefined,
        selected: id,
        column: id === search.selected ? column : undefined,
      }),
    )
  }
  const parts = { shown, selected: selected?.id ?? null, roles, lookOf, onSelect: select, onToggle: toggle }
  return (
    <div className={styles.columns} data-beside={selected !== null || undefined}>
      {search.view === 'list' ? (
        <LineageList {...parts} />
      ) : (
        <Picture {...parts} search={search} opened={open} drawing={drawing} />
      )}
      {selected && (
        <NodePanel
          key={selected.id}
          node={selected}
          look={lookOf(selected.id)}
          isOpened={open.includes(selected.id)}
          column={column}
          onColumn={(name) => onChange(withoutNothing({ ...search, column: name }))}
          onToggle={() => toggle(selected.id)}
          onBegin={onBegin}
          onClose={() => select(null)}
        />
      )}
    </div>
  )
}

type PictureProps = Omit<Parameters<typeof LineageCanvas>[0], 'layout' | 'flow' | 'start'> & {
  search: LineageSearch
}

function Picture({ search, ...parts }: PictureProps) {
  const flow = useFlow()
  const { data: layout, error, refetch } = useLayout(parts.shown, flow)
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />
  if (!layout) return <Skeleton lines={1} height={34} label="graph" />
  return <LineageCanvas {...parts} layout={layout} flow={flow} start={search.node} />
}

const noTroubles = new Map<string, Trouble>()

/** How each node is to look: its colour, its words. */
function useLooks(search: LineageSearch, shown: Shown, selected: GraphNode | null): (id: string) => NodeLook {
  const { data: troubles = noTroubles } = useQuery(troubleQuery)
  const columns = useColumnTrail(selected?.type === 'Dataset' ? selected : null, search.column)
  const colour: NodeLook['colour'] = search.colour ?? 'orchestrator'
  return useMemo(() => {
    const hues = huesOf(shown.nodes)
    const looks = new Map(
      shown.nodes.map((node): [string, NodeLook] => {
        const { id, pipelineId, orchestrator } = node
        const health = healthOf(node, shown, troubles)
        const followed = columns.get(id)
        const look = {
          label: nodeLabel(node, shown, health),
          health,
          incident: troubles.get(id) ?? troubles.get(pipelineId ?? '') ?? null,
          hue: hues.get(orchestrator ?? '') ?? null,
          colour,
          under: followed ? followed.join(', ') : node.where,
          isFollowed: followed !== undefined,
        }
        return [id, look]
      }),
    )
    return (id) => {
      const look = looks.get(id)
      if (!look) throw new Error(`${id} is not shown`)
      return look
    }
  }, [shown, troubles, columns, colour])
}

function nodeOf(shown: Shown, id: string | undefined): GraphNode | null {
  return shown.byId.get(id ?? '') ?? null
}

const narrow = '(max-width: 44rem)'

/** From left to right, or on a narrow screen from top to bottom. */
function useFlow(): Flow {
  const isNarrow = useSyncExternalStore(
    (tell) => {
      const media = window.matchMedia(narrow)
      media.addEventListener('change', tell)
      return () => media.removeEventListener('change', tell)
    },
    () => window.matchMedia(narrow).matches,
  )
  return isNarrow ? 'DOWN' : 'RIGHT'
}
