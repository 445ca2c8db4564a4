import { DependenciesPage } from '@/features/dependencies/DependenciesPage'
import { type DependencySearch, parseDependencySearch } from '@/features/dependencies/dependencySearch'
import { createFileRoute, useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'

export const Route = createFileRoute('/dependencies/')({
  validateSearch: parseDependencySearch,
  component: Page,
})

function Page() {
  const search = Route.useSearch()
  const navigate = useNavigate({ from: '/dependencies/' })
  const setSearch = useCallback(
    (next: DependencySearch) => void navigate({ search: next, replace: true, resetScroll: false }),
    [navigate],
  )
  return <DependenciesPage search={search} onChange={setSearch} />
}
