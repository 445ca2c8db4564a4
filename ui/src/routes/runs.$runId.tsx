import { RunPage } from '@/features/runs/RunPage'
import { parseSpot, type SpotSearch } from '@/features/runs/taskSpots'
import { createFileRoute, useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'

export const Route = createFileRoute('/runs/$runId')({ validateSearch: parseSpot, component: Page })

function Page() {
  const { runId } = Route.useParams()
  const spot = Route.useSearch()
  const navigate = useNavigate({ from: '/runs/$runId' })
  const setSpot = useCallback(
    (next: SpotSearch) => void navigate({ search: next, replace: true, resetScroll: false }),
    [navigate],
  )
  return <RunPage key={runId} runId={runId} spot={spot} onSpot={setSpot} />
}
