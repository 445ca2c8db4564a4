import { execute } from '@/api/client'
import {
  BackfillDependencyDocument,
  DeleteDependencyDocument,
  FireDependencyDocument,
  type KeyGranularity,
  SetDependencyPausedDocument,
} from '@/api/generated'
import { ConfirmDialog } from '@/components/ConfirmDialog'
import { FormDialog } from '@/components/FormDialog'
import { TextInput } from '@/components/TextInput'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { type Dependency, dependencyKeys } from './dependencyQueries'
import { granularities, isKeyedByTime } from './dependencyWords'

interface DialogProps {
  dependency: Dependency
  onClose: () => void
}

/** Does something, and shows what has become of it. */
function useDone(): () => Promise<void> {
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: dependencyKeys.all })
}

export function PauseDialog({ dependency: { id, name, isPaused, targetName }, onClose }: DialogProps) {
  const done = useDone()
  const change = async (): Promise<void> => {
    await execute(SetDependencyPausedDocument, { id, paused: !isPaused })
    await done()
  }
  return isPaused ? (
    <ConfirmDialog title={`Resume ${name}?`} action="Resume" onConfirm={change} onClose={onClose}>
      Firings begin again, and <strong>{targetName}</strong> is started for what ends from now on. What ended
      while it was paused starts nothing by itself, but counts.
    </ConfirmDialog>
  ) : (
    <ConfirmDialog title={`Pause ${name}?`} action="Pause" onConfirm={change} onClose={onClose}>
      Nothing begins until it is resumed, and <strong>{targetName}</strong> is not started by it. Firings that
      wait go on waiting; runs that are going on go on.
    </ConfirmDialog>
  )
}

const examples: Record<KeyGranularity, string> = {
  RUN: 'The id of the run that it is for.',
  MINUTE: 'For example 2026-05-01T06:30.',
  HOUR: 'For example 2026-05-01T06.',
  DAY: 'For example 2026-05-01.',
  WEEK: 'For example 2026-W18.',
  MONTH: 'For example 2026-05.',
  PARTITION: 'The name of the partition.',
}

function keyHint({ keyedBy, timezone }: Dependency): string {
  return isKeyedByTime(keyedBy) ? `${examples[keyedBy]} In ${timezone}.` : examples[keyedBy]
}

export function FireDialog({ dependency, onClose }: DialogProps) {
  const done = useDone()
  const [key, setKey] = useState('')
  const { id, name, keyedBy, targetName, isPaused } = dependency
  const fire = async (): Promise<void> => {
    await execute(FireDependencyDocument, { id, key: key.trim() })
    await done()
  }
  const what = granularities[keyedBy]
  return (
    <FormDialog
      title={`Fire ${name} for a ${what}`}
      action="Fire now"
      isIncomplete={key.trim() === ''}
      onConfirm={fire}
      onClose={onClose}
    >
      <p>
        Podium starts a run of <strong>{targetName}</strong> for this {what} now, whatever it still waits for.
        A {what} that has fired already is left alone.
        {isPaused && ' It is paused: the run starts once it is resumed.'}
      </p>
      <TextInput label="Key" hint={keyHint(dependency)} value={key} onChange={setKey} autoFocus />
    </FormDialog>
  )
}

export function BackfillDialog({ dependency, onClose }: DialogProps) {
  const done = useDone()
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const [atOnce, setAtOnce] = useState('1')
  const { id, name, keyedBy, targetName } = dependency
  const most = Number(atOnce)
  const isCount = Number.isInteger(most) && most >= 1
  const backfill = async (): Promise<void> => {
    await execute(BackfillDependencyDocument, { id, from: from.trim(), to: to.trim(), maxActive: most })
    await done()
  }
  return (
    <FormDialog
      title={`Backfill ${name}`}
      action="Backfill"
      isIncomplete={from.trim() === '' || to.trim() === '' || !isCount}
      onConfirm={backfill}
      onClose={onClose}
    >
      <p>
        Podium starts a run of <strong>{targetName}</strong> for every {granularities[keyedBy]} in between
        that has not fired, the oldest first, whatever it still waits for.
      </p>
      <TextInput label="From" hint={keyHint(dependency)} value={from} onChange={setFrom} autoFocus />
      <TextInput label="To" hint="Included." value={to} onChange={setTo} />
      <TextInput
        label="At once"
        hint="So many runs are under way at any time."
        value={atOnce}
        onChange={setAtOnce}
        inputMode="numeric"
        error={isCount ? undefined : 'Write a whole number, 1 or more.'}
      />
    </FormDialog>
  )
}

export function DeleteDialog({ dependency: { id, name, targetName }, onClose }: DialogProps) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const remove = async (): Promise<void> => {
    await execute(DeleteDependencyDocument, { id })
    await navigate({ to: '/dependencies' })
    await queries.invalidateQueries({ queryKey: dependencyKeys.list })
  }
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      action="Delete dependency"
      isDangerous
      onConfirm={remove}
      onClose={onClose}
    >
      <strong>{targetName}</strong> is no longer started by it, also not for what waits now. Its firings stay
      in the history of their runs. This cannot be taken back.
    </ConfirmDialog>
  )
}
