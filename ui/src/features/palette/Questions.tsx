import type { PipelineRowFragment, RunRowFragment } from '@/api/generated'
import { PauseDialog } from '@/features/pipelines/PipelineActions'
import { TriggerDialog } from '@/features/pipelines/TriggerDialog'
import { RunConfirmation } from '@/features/runs/RunActions'

/** What is asked before something is done at an orchestrator. */
export type Question =
  { is: 'trigger' | 'pause'; pipeline: PipelineRowFragment } | { is: 'cancel' | 'retry'; run: RunRowFragment }

/** The same dialogs as on the pages. */
export default function Questions({ question, onClose }: { question: Question; onClose: () => void }) {
  switch (question.is) {
    case 'trigger':
      return <TriggerDialog pipeline={question.pipeline} onClose={onClose} />
    case 'pause':
      return <PauseDialog pipeline={question.pipeline} onClose={onClose} />
    default:
      return <RunConfirmation question={question.is} run={question.run} onClose={onClose} />
  }
}
