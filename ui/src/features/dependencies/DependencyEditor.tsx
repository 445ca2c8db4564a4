import { execute } from '@/api/client'
import { CreateDependencyDocument, type KeyGranularity, UpdateDependencyDocument } from '@/api/generated'
import { Button } from '@/components/Button'
import { PageHeading } from '@/components/PageHeading'
import { Panel } from '@/components/Panel'
import { Picker } from '@/components/Picker'
import { Segmented } from '@/components/Segmented'
import { TextInput } from '@/components/TextInput'
import incidentStyles from '@/features/incidents/IncidentPage.module.css'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type SubmitEvent, useState } from 'react'
import { ConditionFields } from './ConditionFields'
import styles from './DependencyEditor.module.css'
import { type DependencyForm, emptyForm, faultsOf, toFaults, toForm, toInput } from './dependencyForm'
import { type Dependency, dependencyKeys } from './dependencyQueries'
import { granularities } from './dependencyWords'
import { useDefinitionRefusal } from './permission'
import { PreviewPanel } from './PreviewPanel'

/** Makes a dependency, or changes one that was made here. */
export function DependencyEditor({ dependency }: { dependency: Dependency | null }) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const refusal = useDefinitionRefusal()
  const [form, setForm] = useState(() => (dependency ? toForm(dependency) : emptyForm))
  const [isTried, setTried] = useState(false)
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: () => save(dependency, form),
    onSuccess: async (name) => {
      await navigate({ to: '/dependencies/$name', params: { name } })
      await queries.invalidateQueries({ queryKey: dependencyKeys.all })
    },
  })
  const change = (part: Partial<DependencyForm>): void => {
    // What was refused is no longer what stands there.
    reset()
    setForm({ ...form, ...part })
  }
  const own = faultsOf(form)
  const faults = { ...(error && toFaults(error)), ...(isTried && own) }
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    setTried(true)
    if (Object.keys(own).length === 0 && !isPending && refusal === undefined) mutate()
  }
  const title = dependency ? `Edit ${dependency.name}` : 'New dependency'
  return (
    <>
      <title>{`${title} · Podium`}</title>
      <PageHeading title={title} under={<Link to="/dependencies">Dependencies</Link>} />
      <div className={incidentStyles.columns}>
        <Panel title="Definition">
          <form onSubmit={submit} className={styles.form}>
            <Fields form={form} faults={faults} isNew={!dependency} onChange={change} />
            {faults['form'] && (
              <p role="alert" className={styles.fault}>
                {faults['form']}
              </p>
            )}
            <div className={styles.end}>
              <Button type="submit" look="primary" isPending={isPending} isDisabled={refusal !== undefined}>
                {isPending ? 'Asking…' : dependency ? 'Save' : 'Create dependency'}
              </Button>
              {refusal !== undefined && <span className={styles.hint}>{refusal}.</span>}
            </div>
          </form>
        </Panel>
        <PreviewPanel form={form} />
      </div>
    </>
  )
}

async function save(dependency: Dependency | null, form: DependencyForm): Promise<string> {
  const input = toInput(form)
  if (!dependency) return (await execute(CreateDependencyDocument, { input })).createDependency.name
  return (await execute(UpdateDependencyDocument, { id: dependency.id, input })).updateDependency.name
}

interface FieldsProps {
  form: DependencyForm
  faults: Record<string, string | undefined>
  isNew: boolean
  onChange: (part: Partial<DependencyForm>) => void
}

const keys = Object.keys(granularities) as KeyGranularity[]

function Fields({ form, faults, isNew, onChange }: FieldsProps) {
  return (
    <>
      <TextInput
        label="Name"
        hint={isNew ? 'Lower-case letters, digits and hyphens.' : 'It stays: its firings hang on it.'}
        isReadOnly={!isNew}
        value={form.name}
        onChange={(name) => onChange({ name })}
        error={faults['name']}
      />
      <TextInput
        label="Description (optional)"
        value={form.description}
        onChange={(description) => onChange({ description })}
        error={faults['description']}
      />
      <div className={styles.line}>
        <span className={styles.label}>Waits for</span>
        <Segmented
          label="How many must hold"
          value={form.mode}
          onChange={(mode) => onChange({ mode })}
          options={[
            { value: 'ALL', label: 'All of these', content: 'all of these' },
            { value: 'ANY', label: 'Any of these', content: 'any of these' },
          ]}
        />
      </div>
      <ConditionFields
        conditions={form.conditions}
        faults={faults}
        onChange={(conditions) => onChange({ conditions })}
      />
      <TextInput
        label="Starts"
        hint="The target pipeline, as orchestrator/key."
        value={form.target}
        onChange={(target) => onChange({ target })}
        error={faults['target']}
      />
      <div className={styles.line}>
        <span className={styles.label}>Once for each</span>
        <Picker
          label="Once for each"
          all="run"
          value={form.keyedBy === 'RUN' ? null : granularities[form.keyedBy]}
          onChange={(word) => onChange({ keyedBy: keys.find((key) => granularities[key] === word) ?? 'RUN' })}
          options={keys.filter((key) => key !== 'RUN').map((key) => granularities[key])}
        />
      </div>
      <TextInput
        label="Time zone"
        hint="Whose days and hours those are, such as Europe/Zurich."
        value={form.timezone}
        onChange={(timezone) => onChange({ timezone })}
        error={faults['timezone']}
      />
      <TextInput
        label="Expires after (optional)"
        hint="Such as 3h: what has begun and is not complete by then expires."
        value={form.timeout}
        onChange={(timeout) => onChange({ timeout })}
        error={faults['timeout']}
      />
      <TextInput
        label="Parameters (JSON, optional)"
        hint={'Text may be a template, such as {"day": "{{ key }}"}.'}
        lines={3}
        value={form.parameters}
        onChange={(parameters) => onChange({ parameters })}
        error={faults['parameters']}
      />
    </>
  )
}
