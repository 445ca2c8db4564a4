import { ApiError } from '@/api/errors'
import { ErrorNotice } from '@/components/Notice'
import { Skeleton } from '@/components/Skeleton'
import { useQuery } from '@tanstack/react-query'
import { TriangleAlert } from 'lucide-react'
import { type RefObject, useRef } from 'react'
import { NothingThen } from './AsOfBanner'
import { nothing } from './graph'
import { HowToSend, WhereToBegin } from './LineageEmpty'
import type { Draw } from './LineageCanvas'
import styles from './LineagePage.module.css'
import { detailQuery, mostDrawn } from './lineageQueries'
import type { LineageSearch as Search } from './lineageSearch'
import { LineageSearch } from './LineageSearch'
import { LineageTools } from './LineageTools'
import { LineageView } from './LineageView'
import { useGraph } from './useGraph'

interface LineagePageProps {
  search: Search
  onChange: (search: Search) => void
}

/** How data comes to be and where it goes, over all tools. */
export function LineagePage({ search, onChange }: LineagePageProps) {
  const { view, by, colour, direction, depth } = search
  const begin = (node: string): void => {
    // What is about the graph that was there is left behind; how graphs are shown stays.
    const kept = { view, by, colour, direction, depth }
    const said = Object.entries(kept).filter(([, value]) => value !== undefined)
    onChange({ ...Object.fromEntries(said), node, selected: node })
  }
  return (
    <>
      <title>Lineage · Podium</title>
      <header className={styles.heading}>
        <h1>Lineage</h1>
        <LineageSearch key={search.node} onFound={begin} />
      </header>
      {search.node === undefined ? (
        <WhereToBegin onBegin={begin} />
      ) : (
        <Explorer search={search} onChange={onChange} onBegin={begin} node={search.node} />
      )}
    </>
  )
}

interface ExplorerProps extends LineagePageProps {
  node: string
  onBegin: (node: string) => void
}

function Explorer({ search, onChange, onBegin, node }: ExplorerProps) {
  const drawing = useRef<Draw>(null)
  const graph = useGraph(search)
  const { data: about } = useQuery(detailQuery(node))
  return (
    <section className={styles.panel} aria-label={about ? `Lineage of ${about.name}` : 'Lineage'}>
      {about && <title>{`Lineage of ${about.name} · Podium`}</title>}
      <LineageTools
        search={search}
        onChange={onChange}
        shown={graph.shown ?? nothing}
        drawing={drawing}
        name={about?.name ?? 'lineage'}
      />
      {graph.isTruncated && (
        <p className={styles.notice} role="status">
          <TriangleAlert aria-hidden size={15} /> More than {mostDrawn} nodes: those nearest are shown. Go
          fewer steps, or open single nodes.
        </p>
      )}
      <Answer {...{ search, onChange, onBegin, drawing, graph }} />
    </section>
  )
}

type AnswerProps = LineagePageProps &
  Pick<ExplorerProps, 'onBegin'> & { drawing: RefObject<Draw | null>; graph: ReturnType<typeof useGraph> }

/** The graph, or why there is none. */
function Answer({ graph: { shown, isBusy, error, retry }, ...parts }: AnswerProps) {
  const { search, onChange } = parts
  const { asOf, ...now } = search
  const isUnknown = error instanceof ApiError && error.code === 'NOT_FOUND'
  const isEmpty = shown?.nodes.length === 0
  if (asOf !== undefined && (isUnknown || isEmpty))
    return <NothingThen asOf={asOf} onNow={() => onChange(now)} />
  if (error)
    return (
      <div className={styles.problem}>
        <ErrorNotice error={error} onRetry={retry} />
      </div>
    )
  if (!shown) return <Skeleton lines={1} height={34} label="lineage" />
  if (isEmpty) return <HowToSend title="Nothing is known of what it reads and writes" />
  return <LineageView {...parts} shown={shown} isBusy={isBusy} />
}
