import { EditConnectionPage } from '@/features/connect/EditConnectionPage'
import { createFileRoute } from '@tanstack/react-router'

export const Route = createFileRoute('/orchestrators/$name/edit')({ component: Page })

function Page() {
  const { name } = Route.useParams()
  return <EditConnectionPage key={name} name={name} />
}
