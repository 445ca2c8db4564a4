import { SlaPage } from '@/features/slas/SlaPage'
import { createFileRoute } from '@tanstack/react-router'

export const Route = createFileRoute('/slas/$slaName')({ component: Page })

function Page() {
  const { slaName } = Route.useParams()
  return <SlaPage key={slaName} name={slaName} />
}
