import { execute } from '@/api/client'
import {
  ConnectOrchestratorDocument,
  TestConnectionDocument,
  UpdateOrchestratorDocument,
} from '@/api/generated'
import { Button } from '@/components/Button'
import { Panel } from '@/components/Panel'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { PlugZap } from 'lucide-react'
import { type SubmitEvent, useState } from 'react'
import styles from './Connect.module.css'
import { type ConnectForm, emptyForm, faultsOf, toFaults, toForm, toInput } from './connectForm'
import { ConnectionFields } from './ConnectionFields'
import type { Connected, Kind, Rules } from './connectQueries'
import { TrialResult } from './TrialResult'

interface ConnectionFormProps {
  kind: Kind
  rules: Rules
  /** What is changed; null: something new is connected */
  known: Connected | null
  taken: string[]
  onDone: (name: string) => void
}

/** Where it is and how to log in; first a trial, then the connection. */
export function ConnectionForm(props: ConnectionFormProps) {
  const { kind, rules, known, taken } = props
  const [form, setForm] = useState(() => (known && toForm(kind, known)) ?? emptyForm(kind, taken))
  const [isTried, setTried] = useState(false)
  const { trial, saving } = useConnecting(props, form)
  const change = (next: ConnectForm): void => {
    // What was tried is no longer what stands there.
    trial.reset()
    saving.reset()
    setForm(next)
  }
  const own = faultsOf(kind, form, rules.canBeTyped)
  const refused = saving.error ?? trial.error
  const faults = { ...(refused && toFaults(refused)), ...(isTried && own) }
  const test = (event: SubmitEvent): void => {
    event.preventDefault()
    setTried(true)
    saving.reset()
    if (Object.keys(own).length === 0 && !trial.isPending) trial.mutate()
  }
  return (
    <Panel title={known ? 'Connection' : `Your ${kind.title}`}>
      <form onSubmit={test} className={styles.form} autoComplete="off" noValidate>
        <ConnectionFields
          kind={kind}
          rules={rules}
          form={form}
          faults={faults}
          isNew={!known}
          onChange={change}
        />
        {faults['form'] && (
          <p role="alert" className={styles.fault}>
            {faults['form']}
          </p>
        )}
        <TrialResult kind={kind} trial={trial.data ?? null} isPending={trial.isPending} url={form.url} />
        <FormEnd
          words={known ? 'Save' : 'Connect'}
          isOk={trial.data?.ok}
          isTesting={trial.isPending}
          isSaving={saving.isPending}
          onSave={() => saving.mutate()}
        />
      </form>
    </Panel>
  )
}

/** Asks the gateway to try what the form says, and to store it. */
function useConnecting({ kind, rules, known, onDone }: ConnectionFormProps, form: ConnectForm) {
  const queries = useQueryClient()
  const input = toInput(kind, form, rules.canBeTyped)
  const trial = useMutation({
    mutationFn: async () =>
      (await execute(TestConnectionDocument, { input, ...(known && { id: known.id }) })).testConnection,
  })
  const saving = useMutation({
    mutationFn: async () =>
      known
        ? (await execute(UpdateOrchestratorDocument, { id: known.id, input })).updateOrchestrator.name
        : (await execute(ConnectOrchestratorDocument, { input })).connectOrchestrator.name,
    onSuccess: async (name) => {
      onDone(name)
      await queries.invalidateQueries({ queryKey: ['orchestrators'] })
    },
  })
  return { trial, saving }
}

interface FormEndProps {
  words: string
  /** Whether the trial went well; undefined: there was none */
  isOk: boolean | undefined
  isTesting: boolean
  isSaving: boolean
  onSave: () => void
}

function FormEnd({ words, isOk, isTesting, isSaving, onSave }: FormEndProps) {
  return (
    <div className={styles.end}>
      <Button type="submit" look={isOk ? 'plain' : 'primary'} isPending={isTesting}>
        <PlugZap aria-hidden size={15} /> {isTesting ? 'Testing…' : 'Test connection'}
      </Button>
      <Button
        look={isOk ? 'primary' : 'plain'}
        isDisabled={isOk === undefined}
        isPending={isSaving}
        onPress={onSave}
      >
        {isSaving ? 'Saving…' : isOk === false ? `${words} anyway` : words}
      </Button>
      {isOk === undefined && (
        <span className={styles.hint}>Nothing is stored until you have seen how it answers.</span>
      )}
    </div>
  )
}
