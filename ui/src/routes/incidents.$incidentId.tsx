import { IncidentPage } from '@/features/incidents/IncidentPage'
import { createFileRoute, useNavigate } from '@tanstack/react-router'

interface Asked {
  /** Links in messages say ?acknowledge to open the dialog at once; only that it is there counts */
  acknowledge?: string
}

export const Route = createFileRoute('/incidents/$incidentId')({
  validateSearch: (search: Record<string, unknown>): Asked =>
    search['acknowledge'] === undefined ? {} : { acknowledge: '' },
  component: Page,
})

function Page() {
  const { incidentId } = Route.useParams()
  const { acknowledge } = Route.useSearch()
  const navigate = useNavigate({ from: '/incidents/$incidentId' })
  return (
    <IncidentPage
      key={incidentId}
      incident={incidentId}
      isAcknowledging={acknowledge !== undefined}
      onAcknowledged={() => void navigate({ search: {}, replace: true, resetScroll: false })}
    />
  )
}
