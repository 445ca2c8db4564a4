import { Panel } from '@/components/Panel'
import { Skeleton } from '@/components/Skeleton'
import { orchestratorsQuery } from '@/features/orchestrators/orchestratorQueries'
import { useQuery } from '@tanstack/react-query'
import { type ComponentProps, lazy, Suspense, useEffect, useState } from 'react'

const Timeline = lazy(() => import('./Timeline'))

/** The timeline in its own chunk, fetched and asked for once the rest of the page stands. */
export function TimelinePanel(props: ComponentProps<typeof Timeline>) {
  const { data: orchestrators } = useQuery(orchestratorsQuery)
  const isDue = useIdle(orchestrators !== undefined)
  // The next step is told elsewhere.
  if (orchestrators?.length === 0) return null
  const waiting = (
    <Panel title="Timeline">
      <Skeleton lines={9} height={1.5} label="the timeline" />
    </Panel>
  )
  return isDue ? (
    <Suspense fallback={waiting}>
      <Timeline {...props} />
    </Suspense>
  ) : (
    waiting
  )
}

/** Whether the browser has had nothing else to do since something held. */
function useIdle(since: boolean): boolean {
  const [isIdle, setIsIdle] = useState(false)
  useEffect(() => {
    if (!since) return
    // Safari knows no idle callbacks.
    if (!('requestIdleCallback' in window)) {
      const timer = globalThis.setTimeout(() => setIsIdle(true), 200)
      return () => globalThis.clearTimeout(timer)
    }
    const asked = window.requestIdleCallback(() => setIsIdle(true), { timeout: 800 })
    return () => window.cancelIdleCallback(asked)
  }, [since])
  return isIdle
}
