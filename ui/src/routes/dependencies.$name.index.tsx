import { DependencyPage } from '@/features/dependencies/DependencyPage'
import { type FiringSearch, parseFiringSearch } from '@/features/dependencies/dependencySearch'
import { createFileRoute, useNavigate } from '@tanstack/react-router'

export const Route = createFileRoute('/dependencies/$name/')({
  validateSearch: parseFiringSearch,
  component: Page,
})

function Page() {
  const { name } = Route.useParams()
  const search = Route.useSearch()
  const navigate = useNavigate({ from: '/dependencies/$name/' })
  const setSearch = (next: FiringSearch): void =>
    void navigate({ search: next, replace: true, resetScroll: false })
  return <DependencyPage key={name} name={name} search={search} onChange={setSearch} />
}
