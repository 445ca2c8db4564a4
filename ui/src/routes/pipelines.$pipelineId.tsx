import { PipelinePage } from '@/features/pipelines/PipelinePage'
import { createFileRoute } from '@tanstack/react-router'

export const Route = createFileRoute('/pipelines/$pipelineId')({ component: Page })

function Page() {
  const { pipelineId } = Route.useParams()
  return <PipelinePage pipelineId={pipelineId} />
}
