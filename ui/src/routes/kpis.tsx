import { parseKpiSearch, type KpiSearch } from '@/features/kpis/kpiSearch'
import { KpisPage } from '@/features/kpis/KpisPage'
import { createFileRoute, useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'

export const Route = createFileRoute('/kpis')({
  validateSearch: parseKpiSearch,
  component: Page,
})

function Page() {
  const search = Route.useSearch()
  const navigate = useNavigate({ from: '/kpis' })
  const setSearch = useCallback(
    (next: KpiSearch) => void navigate({ search: next, replace: true, resetScroll: false }),
    [navigate],
  )
  return <KpisPage search={search} onChange={setSearch} />
}
