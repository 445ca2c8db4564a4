import type { DependencyMode, KeyGranularity, RunState } from '@/api/generated'
import { Button } from '@/components/Button'
import { Picker } from '@/components/Picker'
import { Segmented } from '@/components/Segmented'
import { TextInput } from '@/components/TextInput'
import { runStates } from '@/features/runs/runState'
import { Plus, Trash2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import styles from './ConditionFields.module.css'
import { type ConditionField, type ConditionKind, emptyCondition, type Faults } from './conditionForm'
import { granularities } from './dependencyWords'
import { PipelineInput } from './PipelineInput'
import { useSuggestedDatasets } from './suggestions'
import { Toggles } from './Toggles'

interface GroupFieldsProps {
  mode: DependencyMode
  items: ConditionField[]
  /** Where they stand: `upstream`, `upstream[0]` */
  path: string
  faults: Faults
  onMode: (mode: DependencyMode) => void
  onItems: (items: ConditionField[]) => void
}

/** Conditions, and how many of them must hold; among them there may be further groups. */
export function GroupFields({ mode, items, path, faults, onMode, onItems }: GroupFieldsProps) {
  const number = numbered(path)
  return (
    <div className={styles.group} role="group" aria-label={number ? `Group ${number}` : 'Conditions'}>
      <Segmented
        label={`How many must hold${number && ` of group ${number}`}`}
        value={mode}
        onChange={onMode}
        options={[
          { value: 'ALL', label: 'All of these', content: 'all of these' },
          { value: 'ANY', label: 'Any of these', content: 'any of these' },
        ]}
      />
      {faults[path] && (
        <p role="alert" className={styles.fault}>
          {faults[path]}
        </p>
      )}
      {items.map((item, place) => (
        <OneCondition
          key={place}
          field={item}
          path={`${path}[${place}]`}
          faults={faults}
          onChange={(part) => onItems(items.map((one, at) => (at === place ? { ...one, ...part } : one)))}
          onRemove={
            items.length > 1 || number ? () => onItems(items.filter((_, at) => at !== place)) : undefined
          }
        />
      ))}
      <div>
        <Button onPress={() => onItems([...items, emptyCondition])}>
          <Plus aria-hidden size={15} /> {number ? `Add to group ${number}` : 'Add a condition'}
        </Button>
      </div>
    </div>
  )
}

/** "2.1" of `upstream[1][0]`. */
function numbered(path: string): string {
  return [...path.matchAll(/\[(\d+)\]/g)].map(([, place]) => Number(place) + 1).join('.')
}

interface ConditionProps {
  field: ConditionField
  path: string
  faults: Faults
  onChange: (part: Partial<ConditionField>) => void
}

const kinds: { value: ConditionKind; label: string }[] = [
  { value: 'pipeline', label: 'Pipeline' },
  { value: 'dataset', label: 'Dataset' },
  { value: 'window', label: 'Time window' },
  { value: 'group', label: 'Group' },
]

function OneCondition({ onRemove, ...props }: ConditionProps & { onRemove: (() => void) | undefined }) {
  const { field, path, faults, onChange } = props
  const number = numbered(path)
  const turnTo = (kind: ConditionKind): void =>
    // A group begins with what stood there.
    onChange(
      kind === 'group' && field.items.length === 0
        ? { kind, items: [{ ...field, kind: 'pipeline' }] }
        : { kind },
    )
  return (
    <div className={styles.condition}>
      <div className={styles.head}>
        <Segmented
          label={`What condition ${number} is about`}
          value={field.kind}
          onChange={turnTo}
          options={kinds.map((one) => ({ ...one, content: one.label }))}
        />
        {onRemove && (
          <Button look="icon" aria-label={`Remove condition ${number}`} onPress={onRemove}>
            <Trash2 aria-hidden size={16} />
          </Button>
        )}
      </div>
      {field.kind === 'pipeline' && <PipelineFields {...props} number={number} />}
      {field.kind === 'dataset' && <DatasetFields {...props} />}
      {field.kind === 'window' && <WindowFields {...props} />}
      {field.kind === 'group' && (
        <GroupFields
          mode={field.mode}
          items={field.items}
          path={path}
          faults={faults}
          onMode={(mode) => onChange({ mode })}
          onItems={(items) => onChange({ items })}
        />
      )}
    </div>
  )
}

const ended: RunState[] = ['SUCCESS', 'FAILED', 'CANCELLED', 'SKIPPED', 'UNKNOWN']

function PipelineFields({ field, path, faults, onChange, number }: ConditionProps & { number: string }) {
  const { task, states, partitions, offset, every } = field
  const isUsual = states.length === 1 && states[0] === 'SUCCESS'
  const faulty = ['task', 'states', 'partitions', 'offset', 'every'].some((name) => faults[`${path}.${name}`])
  return (
    <>
      <PipelineInput
        label={`Condition ${number}`}
        hint="As orchestrator/key. Its run for the same day, hour or other key must have ended."
        value={field.pipeline}
        onChange={(pipeline) => onChange({ pipeline })}
        error={faults[`${path}.pipeline`]}
      />
      <More isOpen={faulty || !isUsual || [task, partitions, offset, every ?? ''].some(Boolean)}>
        <div className={styles.line}>
          <span className={styles.label}>Has ended as</span>
          <Toggles
            label={`How condition ${number} may have ended`}
            order={ended}
            looks={runStates}
            chosen={states}
            onChange={(chosen) => onChange({ states: chosen })}
          />
          <Fault of={faults[`${path}.states`]} />
        </div>
        <TextInput
          label="Task (optional)"
          hint="Wait for this task only, not for the whole run."
          value={task}
          onChange={(text) => onChange({ task: text })}
          error={faults[`${path}.task`]}
        />
        <TextInput
          label="Partitions (optional)"
          hint="One on a line. All of them must be done."
          lines={2}
          value={partitions}
          onChange={(text) => onChange({ partitions: text })}
          error={faults[`${path}.partitions`]}
        />
        <WhenFields field={field} path={path} faults={faults} onChange={onChange} />
      </More>
    </>
  )
}

function DatasetFields(props: ConditionProps) {
  const { field, path, faults, onChange } = props
  const known = useSuggestedDatasets(field.dataset)
  const choose = (dataset: string): void => {
    const [only, ...others] = known.filter(({ name }) => name === dataset)
    const isPlain = only !== undefined && others.length === 0 && field.namespace === ''
    onChange({ dataset, ...(isPlain && { namespace: only.namespace }) })
  }
  return (
    <>
      <div className={styles.pair}>
        <TextInput
          label="Namespace"
          hint="Such as postgres://warehouse:5432."
          value={field.namespace}
          onChange={(namespace) => onChange({ namespace })}
          autoComplete="off"
          suggestions={[...new Set(known.map(({ namespace }) => namespace))]}
          error={faults[`${path}.namespace`]}
        />
        <TextInput
          label="Dataset"
          hint="Such as sales.orders, by any of its names."
          value={field.dataset}
          onChange={choose}
          autoComplete="off"
          suggestions={[...new Set(known.map(({ name }) => name))]}
          error={faults[`${path}.dataset`]}
        />
      </div>
      <TextInput
        label="Written within (optional)"
        hint="Such as 2h, before the others are done; else it must be written within the key's period."
        value={field.freshWithin}
        onChange={(freshWithin) => onChange({ freshWithin })}
        error={faults[`${path}.freshWithin`]}
      />
      <More isOpen={[field.offset, field.every ?? '', faults[`${path}.offset`]].some(Boolean)}>
        <WhenFields {...props} />
      </More>
    </>
  )
}

function WindowFields({ field, path, faults, onChange }: ConditionProps) {
  return (
    <div className={styles.pair}>
      <TextInput
        label="Opens at (cron)"
        hint="Such as 0 22 * * *, in the time zone below."
        value={field.cron}
        onChange={(cron) => onChange({ cron })}
        error={faults[`${path}.cron`]}
      />
      <TextInput
        label="Stays open for"
        hint="Such as 3h."
        value={field.lasts}
        onChange={(lasts) => onChange({ lasts })}
        error={faults[`${path}.lasts`]}
      />
    </div>
  )
}

const units = (Object.keys(granularities) as KeyGranularity[]).filter(
  (unit) => unit !== 'RUN' && unit !== 'PARTITION',
)

function WhenFields({ field, path, faults, onChange }: ConditionProps) {
  return (
    <div className={styles.pair}>
      <TextInput
        label="Periods before (optional)"
        hint="1: day D waits for its day D-1."
        inputMode="numeric"
        value={field.offset}
        onChange={(offset) => onChange({ offset })}
        error={faults[`${path}.offset`]}
      />
      <div className={styles.stacked}>
        <span className={styles.label}>Each one within the period</span>
        <Picker
          label="Each one within the period"
          all="no: the same period"
          value={field.every && `every ${granularities[field.every]}`}
          onChange={(word) =>
            onChange({ every: units.find((unit) => `every ${granularities[unit]}` === word) ?? null })
          }
          options={units.map((unit) => `every ${granularities[unit]}`)}
        />
        <Fault of={faults[`${path}.every`]} />
      </div>
    </div>
  )
}

/** What is seldom needed, behind one line; it opens by itself where something in it is set. */
function More({ isOpen, children }: { isOpen: boolean; children: ReactNode }) {
  // What somebody has opened stays open, also when they empty it.
  const [isLeftOpen, setLeftOpen] = useState(isOpen)
  return (
    <details
      open={isLeftOpen || isOpen}
      onToggle={({ currentTarget }) => setLeftOpen(currentTarget.open)}
      className={styles.more}
    >
      <summary>More conditions on it</summary>
      <div className={styles.within}>{children}</div>
    </details>
  )
}

function Fault({ of }: { of: string | undefined }) {
  return of ? <span className={styles.fault}>{of}</span> : null
}
