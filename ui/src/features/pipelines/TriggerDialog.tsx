import { execute } from '@/api/client'
import { type PipelineRowFragment, TriggerPipelineDocument } from '@/api/generated'
import { Button } from '@/components/Button'
import { Dialog, DialogActions } from '@/components/Dialog'
import { ErrorNotice } from '@/components/Notice'
import { TextInput } from '@/components/TextInput'
import { applyRuns } from '@/features/runs/liveRuns'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Play } from 'lucide-react'
import { type SubmitEvent, useState } from 'react'
import { fullName } from './nameContext'
import styles from './TriggerDialog.module.css'
import { newTriggerKey, parseParameters } from './triggerKey'

type TriggeredPipeline = Pick<PipelineRowFragment, 'id' | 'key' | 'name' | 'isPaused' | 'orchestrator'>

/** Starts a run and leads to its page. One dialog is one key: a second click, or a retry after an error, makes no second run. */
export function TriggerDialog({ pipeline, onClose }: { pipeline: TriggeredPipeline; onClose: () => void }) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [key] = useState(newTriggerKey)
  const [text, setText] = useState('')
  const parameters = parseParameters(text)
  const { mutate, isPending, error } = useMutation({
    mutationFn: async (value: Record<string, unknown> | null) => {
      const input = { pipeline: pipeline.id, idempotencyKey: key, ...(value && { parameters: value }) }
      return (await execute(TriggerPipelineDocument, { input })).triggerPipeline
    },
    onSuccess: async (run) => {
      applyRuns(queries, [run])
      onClose()
      await navigate({ to: '/runs/$runId', params: { runId: run.id } })
    },
  })
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    if (parameters.ok && !isPending) mutate(parameters.value)
  }
  const { name: where } = pipeline.orchestrator
  return (
    <Dialog title={`Trigger ${fullName(pipeline)}`} isOpen onClose={onClose}>
      <form onSubmit={submit} className={styles.form}>
        <p>
          Podium asks <strong>{where}</strong> to start one run now.
          {pipeline.isPaused &&
            ` The pipeline is paused: ${where} may leave the run queued until it is resumed.`}
        </p>
        <TextInput
          label="Parameters (JSON, optional)"
          hint={`Passed to the run as ${where} takes them.`}
          lines={5}
          value={text}
          onChange={setText}
          error={parameters.ok ? undefined : parameters.reason}
        />
        {error && <ErrorNotice error={error} />}
        <DialogActions>
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" look="primary" isPending={isPending} isDisabled={!parameters.ok}>
            <Play aria-hidden size={15} /> {isPending ? 'Working…' : 'Trigger run'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
