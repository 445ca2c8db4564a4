import { RunPage } from '@/features/runs/RunPage'
import { createFileRoute } from '@tanstack/react-router'

export const Route = createFileRoute('/runs/$runId')({ component: Page })

function Page() {
  const { runId } = Route.useParams()
  return <RunPage runId={runId} />
}
