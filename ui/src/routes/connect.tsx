import { ConnectPage, type ConnectSearch } from '@/features/connect/ConnectPage'
import { createFileRoute, useNavigate } from '@tanstack/react-router'

export const Route = createFileRoute('/connect')({
  validateSearch: (search: Record<string, unknown>): ConnectSearch => ({
    ...(typeof search['kind'] === 'string' && { kind: search['kind'] }),
    ...(typeof search['connected'] === 'string' && { connected: search['connected'] }),
  }),
  component: Page,
})

function Page() {
  const search = Route.useSearch()
  const navigate = useNavigate({ from: '/connect' })
  return (
    <ConnectPage search={search} onChange={(next) => void navigate({ search: next, resetScroll: false })} />
  )
}
