import { execute } from '@/api/client'
import { type PipelineRowFragment, SetPipelinePausedDocument } from '@/api/generated'
import { ActionButtons } from '@/components/ActionButtons'
import { type Action, ActionMenu } from '@/components/ActionMenu'
import { ConfirmDialog } from '@/components/ConfirmDialog'
import { useActionRefusal } from '@/features/session/permission'
import { useQueryClient } from '@tanstack/react-query'
import { Pause, Play, StepForward } from 'lucide-react'
import { useState } from 'react'
import { fullName } from './nameContext'
import { pipelineKeys } from './pipelineQueries'
import { TriggerDialog } from './TriggerDialog'

interface PipelineActionsProps {
  pipeline: PipelineRowFragment
  /** menu: behind one button, in a list; buttons: side by side, on the pipeline's own page */
  as: 'menu' | 'buttons'
}

export function PipelineActions({ pipeline, as }: PipelineActionsProps) {
  const [asked, setAsked] = useState<'trigger' | 'pause' | null>(null)
  const refusal = useActionRefusal()
  const close = (): void => setAsked(null)
  const actions: Action[] = [
    {
      id: 'trigger',
      label: 'Trigger run…',
      icon: Play,
      unavailable: refusal ?? whyNot(pipeline, 'TRIGGER', 'trigger'),
      run: () => setAsked('trigger'),
    },
    {
      id: 'pause',
      label: pipeline.isPaused ? 'Resume schedule…' : 'Pause schedule…',
      icon: pipeline.isPaused ? StepForward : Pause,
      unavailable: refusal ?? whyNot(pipeline, 'PAUSE', 'pause'),
      run: () => setAsked('pause'),
    },
  ]
  return (
    <>
      {as === 'menu' ? (
        <ActionMenu label={`Actions for ${fullName(pipeline)}`} actions={actions} />
      ) : (
        <ActionButtons actions={actions} primary="trigger" />
      )}
      {asked === 'trigger' && <TriggerDialog pipeline={pipeline} onClose={close} />}
      {asked === 'pause' && <PauseDialog pipeline={pipeline} onClose={close} />}
    </>
  )
}

export function whyNot(
  { isActive, orchestrator }: PipelineRowFragment,
  needed: 'TRIGGER' | 'PAUSE',
  verb: string,
) {
  if (!isActive) return `${orchestrator.name} no longer lists it`
  return orchestrator.capabilities.includes(needed)
    ? undefined
    : `${orchestrator.kind} cannot ${verb} through Podium`
}

export function PauseDialog({ pipeline, onClose }: { pipeline: PipelineRowFragment; onClose: () => void }) {
  const queries = useQueryClient()
  const { id, isPaused, orchestrator } = pipeline
  const name = fullName(pipeline)
  const change = async (): Promise<void> => {
    await execute(SetPipelinePausedDocument, { id, paused: !isPaused })
    await queries.invalidateQueries({ queryKey: pipelineKeys.all })
  }
  return isPaused ? (
    <ConfirmDialog
      title={`Resume the schedule of ${name}?`}
      action="Resume"
      onConfirm={change}
      onClose={onClose}
    >
      <strong>{orchestrator.name}</strong> starts its scheduled runs again, and may at once start those that
      it missed.
    </ConfirmDialog>
  ) : (
    <ConfirmDialog
      title={`Pause the schedule of ${name}?`}
      action="Pause"
      onConfirm={change}
      onClose={onClose}
    >
      <strong>{orchestrator.name}</strong> starts no scheduled run of it until it is resumed. Runs that are
      going on go on.
    </ConfirmDialog>
  )
}
