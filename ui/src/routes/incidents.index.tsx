import { parseIncidentSearch, type IncidentSearch } from '@/features/incidents/incidentSearch'
import { IncidentsPage } from '@/features/incidents/IncidentsPage'
import { createFileRoute, useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'

export const Route = createFileRoute('/incidents/')({
  validateSearch: parseIncidentSearch,
  component: Page,
})

function Page() {
  const search = Route.useSearch()
  const navigate = useNavigate({ from: '/incidents/' })
  const setSearch = useCallback(
    (next: IncidentSearch) => void navigate({ search: next, replace: true, resetScroll: false }),
    [navigate],
  )
  return <IncidentsPage search={search} onChange={setSearch} />
}
