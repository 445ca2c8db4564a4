import { LineagePage } from '@/features/lineage/LineagePage'
import { parseLineageSearch, type LineageSearch } from '@/features/lineage/lineageSearch'
import { createFileRoute, useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'

export const Route = createFileRoute('/lineage')({
  validateSearch: parseLineageSearch,
  component: Page,
})

function Page() {
  const search = Route.useSearch()
  const navigate = useNavigate({ from: '/lineage' })
  const setSearch = useCallback(
    (next: LineageSearch) => {
      // Going on to something else is a step that the back button takes back; how it is shown is not.
      void navigate({ search: next, replace: next.node === search.node, resetScroll: false })
    },
    [navigate, search.node],
  )
  return <LineagePage search={search} onChange={setSearch} />
}
