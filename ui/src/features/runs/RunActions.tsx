import { execute } from '@/api/client'
import { CancelRunDocument, RetryRunDocument, type RunRowFragment } from '@/api/generated'
import { type Action, ActionMenu } from '@/components/ActionMenu'
import { ActionButtons } from '@/components/ActionButtons'
import { ConfirmDialog } from '@/components/ConfirmDialog'
import { fullName } from '@/features/pipelines/nameContext'
import { useActionRefusal } from '@/features/session/permission'
import { useQueryClient } from '@tanstack/react-query'
import { CircleStop, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { canCancel, canRetry, isOngoing } from './runState'
import { applyRuns } from './liveRuns'

type Question = 'cancel' | 'retry' | null

interface RunActionsProps {
  run: RunRowFragment
  /** menu: behind one button, in a list; buttons: side by side, on the run's own page */
  as: 'menu' | 'buttons'
}

export function RunActions({ run, as }: RunActionsProps) {
  const [question, setQuestion] = useState<Question>(null)
  const refusal = useActionRefusal()
  const cancel = canCancel(run)
  const retry = canRetry(run)
  const actions: Action[] = [
    {
      id: 'cancel',
      label: 'Cancel run…',
      icon: CircleStop,
      unavailable: refusal ?? (cancel.ok ? undefined : cancel.reason),
      run: () => setQuestion('cancel'),
    },
    {
      id: 'retry',
      label: 'Retry run…',
      icon: RotateCcw,
      unavailable: refusal ?? (retry.ok ? undefined : retry.reason),
      run: () => setQuestion('retry'),
    },
  ]
  return (
    <>
      {as === 'menu' ? (
        <ActionMenu label={`Actions for ${fullName(run.pipeline)}`} actions={actions} />
      ) : (
        // What the run's state allows, or would allow: the other one says nothing.
        <ActionButtons actions={actions.filter(({ id }) => (id === 'cancel') === isOngoing(run.state))} />
      )}
      {question && <RunConfirmation question={question} run={run} onClose={() => setQuestion(null)} />}
    </>
  )
}

interface ConfirmationProps {
  question: 'cancel' | 'retry'
  run: RunRowFragment
  onClose: () => void
}

export function RunConfirmation({ question, run, onClose }: ConfirmationProps) {
  const queries = useQueryClient()
  const { orchestrator } = run.pipeline
  const name = fullName(run.pipeline)
  if (question === 'cancel') {
    const cancel = async (): Promise<void> => {
      applyRuns(queries, [(await execute(CancelRunDocument, { id: run.id })).cancelRun])
    }
    return (
      <ConfirmDialog
        title={`Cancel this run of ${name}?`}
        action="Cancel run"
        isDangerous
        onConfirm={cancel}
        onClose={onClose}
      >
        Podium asks <strong>{orchestrator.name}</strong> to stop it. Tasks that are running are ended where
        they stand; what has finished stays as it is, and what waits for this run’s success will not start.
      </ConfirmDialog>
    )
  }
  const retry = async (): Promise<void> => {
    applyRuns(queries, [(await execute(RetryRunDocument, { id: run.id })).retryRun])
  }
  return (
    <ConfirmDialog
      title={`Retry this run of ${name}?`}
      action="Retry run"
      onConfirm={retry}
      onClose={onClose}
    >
      Podium asks <strong>{orchestrator.name}</strong> to run again what did not succeed. Tasks that succeeded
      are left alone where {orchestrator.name} can resume.
    </ConfirmDialog>
  )
}
