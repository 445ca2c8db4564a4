import { parsePipelineSearch, type PipelineSearch } from '@/features/pipelines/pipelineSearch'
import { PipelinesPage } from '@/features/pipelines/PipelinesPage'
import { createFileRoute, useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'

export const Route = createFileRoute('/pipelines/')({
  validateSearch: parsePipelineSearch,
  component: Page,
})

function Page() {
  const search = Route.useSearch()
  const navigate = useNavigate({ from: '/pipelines/' })
  const setSearch = useCallback(
    (next: PipelineSearch) => void navigate({ search: next, replace: true, resetScroll: false }),
    [navigate],
  )
  return <PipelinesPage search={search} onChange={setSearch} />
}
