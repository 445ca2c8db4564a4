import { ErrorNotice } from '@/components/Notice'
import { Skeleton } from '@/components/Skeleton'
import { useQuery } from '@tanstack/react-query'
import { useMedia } from '@/components/useMedia'
import { type ReactNode, type RefObject, useMemo } from 'react'
import { AsOfBanner } from './AsOfBanner'
import type { ColumnPicture } from './columnPicture'
import type { GraphNode, Shown } from './graph'
import type { NodeLook } from './GraphNodeMark'
import type { Flow } from './layout'
import { type Draw, LineageCanvas } from './LineageCanvas'
import { LineageList } from './LineageList'
import styles from './LineagePage.module.css'
import { type Trouble, troubleQuery } from './lineageQueries'
import { allAfter, type LineageSearch, narrow, withoutNothing } from './lineageSearch'
import { healthOf, huesOf, nodeLabel } from './looks'
import { NodePanel } from './NodePanel'
import { useColumnTrail, useFollowed } from './useColumnTrail'
import { useRoles } from './useGraph'
import { useLayout } from './useLayout'

interface LineageViewProps {
  search: LineageSearch
  onChange: (search: LineageSearch) => void
  onBegin: (node: string) => void
  shown: Shown
  /** Another graph is on its way */
  isBusy: boolean
  drawing: RefObject<Draw | null>
}

/** The graph, as a picture or as a list, with what is selected beside it. */
export function LineageView({ search, onChange, onBegin, shown, isBusy, drawing }: LineageViewProps) {
  const { open = [], column } = search
  const selected = nodeOf(shown, search.selected)
  const columns = useColumnTrail(shown, selected, search)
  const roles = useFollowed(useRoles(shown, selected?.id ?? null, search.asOf), columns)
  const lookOf = useLooks(search, shown, columns)
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
  const pipelines = useMemo(() => new Set(shown.nodes.map(({ pipelineId }) => pipelineId)), [shown])
  const isShown = (id: string): boolean => shown.byId.has(id) || pipelines.has(id)
  const parts = { shown, selected: selected?.id ?? null, roles, lookOf, onSelect: select, onToggle: toggle }
  return (
    <div className={styles.columns} data-beside={selected !== null || undefined}>
      <Stage search={search} onChange={onChange} isBusy={isBusy} isBare={shown.edges.length === 0}>
        {search.view === 'list' ? (
          <LineageList {...parts} />
        ) : (
          <Picture {...parts} columns={columns} search={search} drawing={drawing} />
        )}
      </Stage>
      {selected && (
        <NodePanel
          key={selected.id}
          node={selected}
          look={lookOf(selected.id)}
          isOpened={open.includes(selected.id)}
          column={column}
          asOf={search.asOf}
          onColumn={(name) => onChange(withoutNothing({ ...search, column: name }))}
          onToggle={() => toggle(selected.id)}
          onBegin={onBegin}
          onClose={() => select(null)}
          spread={{ isShown, onAll: () => onChange(allAfter(selected.id, search)) }}
        />
      )}
    </div>
  )
}

type StageProps = Pick<LineageViewProps, 'search' | 'onChange' | 'isBusy'> & {
  isBare: boolean
  children: ReactNode
}

/** Says of when the graph is, and that another is on its way. */
function Stage({ search: { asOf, ...now }, onChange, isBusy, isBare, children }: StageProps) {
  return (
    <div className={styles.stage} aria-busy={isBusy} data-earlier={asOf !== undefined || undefined}>
      {asOf !== undefined && <AsOfBanner asOf={asOf} isBare={isBare} onNow={() => onChange(now)} />}
      {children}
    </div>
  )
}

type PictureProps = Omit<Parameters<typeof LineageCanvas>[0], 'layout' | 'flow' | 'start' | 'opened'> & {
  search: LineageSearch
}

function Picture({ search, ...parts }: PictureProps) {
  const flow = useFlow()
  const { data: layout, error, refetch } = useLayout(parts.shown, flow, useRowCounts(parts.columns))
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />
  if (!layout) return <Skeleton lines={1} height={34} label="graph" />
  const { node, open = [], asOf = '', column = '' } = search
  return (
    <LineageCanvas {...parts} layout={layout} flow={flow} start={node} opened={[...open, asOf, column]} />
  )
}

function useRowCounts(columns: ColumnPicture | null): ReadonlyMap<string, number> {
  return useMemo(() => new Map([...(columns?.rows ?? [])].map(([id, { length }]) => [id, length])), [columns])
}

const noTroubles = new Map<string, Trouble>()

/** How each node is to look: its colour, its words. */
function useLooks(
  search: LineageSearch,
  shown: Shown,
  columns: ColumnPicture | null,
): (id: string) => NodeLook {
  const { data: troubles = noTroubles } = useQuery(troubleQuery)
  const colour: NodeLook['colour'] = search.colour ?? 'orchestrator'
  return useMemo(() => {
    const hues = huesOf(shown.nodes)
    const looks = new Map(
      shown.nodes.map((node): [string, NodeLook] => {
        const { id, pipelineId, orchestrator } = node
        const health = healthOf(node, shown, troubles)
        const rows = columns?.rows.get(id) ?? []
        const fields = rows.map(({ name }) => name).join(', ')
        const look = {
          label: nodeLabel(node, shown, health) + (fields && `, columns ${fields}`),
          health,
          incident: troubles.get(id) ?? troubles.get(pipelineId ?? '') ?? null,
          hue: hues.get(orchestrator ?? '') ?? null,
          colour,
          rows,
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

/** From left to right, or on a narrow screen from top to bottom. */
function useFlow(): Flow {
  return useMedia(narrow) ? 'DOWN' : 'RIGHT'
}
