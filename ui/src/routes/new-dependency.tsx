import { DependencyEditor } from '@/features/dependencies/DependencyEditor'
import { createFileRoute } from '@tanstack/react-router'

export const Route = createFileRoute('/new-dependency')({ component: Page })

function Page() {
  return <DependencyEditor dependency={null} />
}
