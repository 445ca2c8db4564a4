import { keepSubscribed } from '@/api/live'
import { trimLongLists } from '@/api/longLists'
import { followFirings } from '@/features/dependencies/liveFirings'
import { followIncidents } from '@/features/incidents/liveIncidents'
import { followRuns } from '@/features/runs/liveRuns'
import { followSlas } from '@/features/slas/liveSlas'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'

/** Keeps everything that is shown up to date for as long as the page is open. */
export function useLive(): void {
  const client = useQueryClient()
  useEffect(() => {
    // The gateway tells a connection's first subscription what has changed since it was made: that is the busiest one.
    const followed = [followRuns(client), followIncidents(client), followSlas(client), followFirings(client)]
    const unsubscribe = keepSubscribed(
      followed.map(({ feed }) => feed),
      () => {
        trimLongLists(client)
        void client.invalidateQueries()
        for (const { onConnected } of followed) onConnected?.()
      },
    )
    return () => {
      unsubscribe()
      for (const { stop } of followed) stop()
    }
  }, [client])
}
