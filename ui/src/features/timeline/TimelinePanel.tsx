import { Panel } from '@/components/Panel'
import { PartFault } from '@/components/PartFault'
import { Skeleton } from '@/components/Skeleton'
import { orchestratorsQuery } from '@/features/orchestrators/orchestratorQueries'
import { useQuery } from '@tanstack/react-query'
import { CatchBoundary } from '@tanstack/react-router'
import { type ComponentProps, lazy, Suspense, useEffect, useState } from 'react'

const Timeline = lazy(() => import('./Timeline'))

/** The timeline in its own chunk, fetched and asked for once the rest of the page stands. */
export function TimelinePanel(props: ComponentProps<typeof Timeline>) {
  const { data: orchestrators } = useQuery(orchestratorsQuery)
  const isDue = useAfter(orchestrators !== undefined)
  // The next step is told elsewhere.
  if (orchestrators?.length === 0) return null
  const waiting = (
    <Panel title="Timeline">
      <Skeleton lines={9} height={1.5} label="the timeline" />
    </Panel>
  )
  return isDue ? (
    <CatchBoundary getResetKey={() => 'timeline'} errorComponent={PartFault}>
      <Suspense fallback={waiting}>
        <Timeline {...props} />
      </Suspense>
    </CatchBoundary>
  ) : (
    waiting
  )
}

/** Whether what comes first is there, and has been drawn. */
function useAfter(first: boolean): boolean {
  const [isDue, setIsDue] = useState(false)
  useEffect(() => {
    if (!first) return
    const timer = window.setTimeout(() => setIsDue(true), 50)
    return () => window.clearTimeout(timer)
  }, [first])
  return isDue
}
