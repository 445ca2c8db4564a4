import { parseSlaSearch, type SlaSearch } from '@/features/slas/slaSearch'
import { SlasPage } from '@/features/slas/SlasPage'
import { createFileRoute, useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'

export const Route = createFileRoute('/slas/')({
  validateSearch: parseSlaSearch,
  component: Page,
})

function Page() {
  const search = Route.useSearch()
  const navigate = useNavigate({ from: '/slas/' })
  const setSearch = useCallback(
    (next: SlaSearch) => void navigate({ search: next, replace: true, resetScroll: false }),
    [navigate],
  )
  return <SlasPage search={search} onChange={setSearch} />
}
