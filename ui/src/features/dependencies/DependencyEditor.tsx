import { execute } from '@/api/client'
import { CreateDependencyDocument, UpdateDependencyDocument } from '@/api/generated'
import { Button } from '@/components/Button'
import { PageHeading } from '@/components/PageHeading'
import { Panel } from '@/components/Panel'
import incidentStyles from '@/features/incidents/IncidentPage.module.css'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type SubmitEvent, useState } from 'react'
import styles from './DependencyEditor.module.css'
import { type DependencyForm, emptyForm, faultsOf, toFaults, toForm, toInput } from './dependencyForm'
import { DependencyFields } from './DependencyFields'
import { type Dependency, dependencyKeys } from './dependencyQueries'
import { LeaveDialog } from './LeaveDialog'
import { useDefinitionRefusal } from './permission'
import { PreviewPanel } from './PreviewPanel'
import { YamlPanel } from './YamlPanel'

/** Makes a dependency, or changes one that was made here. */
export function DependencyEditor({ dependency }: { dependency: Dependency | null }) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const refusal = useDefinitionRefusal()
  const [initial] = useState(() => (dependency ? toForm(dependency) : emptyForm))
  const [form, setForm] = useState(initial)
  const [isTried, setTried] = useState(false)
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: () => save(dependency, form),
    onSuccess: async (name) => {
      await navigate({ to: '/dependencies/$name', params: { name }, ignoreBlocker: true })
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
      <LeaveDialog isChanged={JSON.stringify(form) !== JSON.stringify(initial)} />
      <title>{`${title} · Podium`}</title>
      <PageHeading title={title} under={<Link to="/dependencies">Dependencies</Link>} />
      <div className={incidentStyles.columns}>
        <Panel title="Definition">
          <form onSubmit={submit} className={styles.form}>
            <DependencyFields form={form} faults={faults} isNew={!dependency} onChange={change} />
            {faults['form'] && (
              <p role="alert" className={styles.fault}>
                {faults['form']}
              </p>
            )}
            <div className={styles.end}>
              <Button type="submit" look="primary" isPending={isPending} isDisabled={refusal !== undefined}>
                {isPending ? 'Saving…' : dependency ? 'Save' : 'Create dependency'}
              </Button>
              {refusal !== undefined && <span className={styles.hint}>{refusal}.</span>}
            </div>
          </form>
        </Panel>
        <div className={styles.beside}>
          <YamlPanel
            dependency={toInput(form)}
            note={Object.keys(own).length > 0 ? 'It is not complete yet.' : undefined}
          />
          <PreviewPanel form={form} />
        </div>
      </div>
    </>
  )
}

async function save(dependency: Dependency | null, form: DependencyForm): Promise<string> {
  const input = toInput(form)
  if (!dependency) return (await execute(CreateDependencyDocument, { input })).createDependency.name
  return (await execute(UpdateDependencyDocument, { id: dependency.id, input })).updateDependency.name
}
