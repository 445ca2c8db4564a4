import { parseRunSearch, type RunSearch } from '@/features/runs/runFilter'
import { RunsPage } from '@/features/runs/RunsPage'
import { createFileRoute, useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'

export const Route = createFileRoute('/runs/')({
  validateSearch: parseRunSearch,
  component: Page,
})

function Page() {
  const search = Route.useSearch()
  const navigate = useNavigate({ from: '/runs/' })
  const setSearch = useCallback(
    (next: RunSearch) => void navigate({ search: next, replace: true, resetScroll: false }),
    [navigate],
  )
  return <RunsPage search={search} onChange={setSearch} />
}
