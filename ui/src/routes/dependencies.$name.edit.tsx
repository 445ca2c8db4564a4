import { EditPage } from '@/features/dependencies/EditPage'
import { createFileRoute } from '@tanstack/react-router'

export const Route = createFileRoute('/dependencies/$name/edit')({ component: Page })

function Page() {
  const { name } = Route.useParams()
  return <EditPage key={name} name={name} />
}
