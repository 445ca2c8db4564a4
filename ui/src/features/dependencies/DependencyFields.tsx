import type { KeyGranularity, Rerun } from '@/api/generated'
import { Picker } from '@/components/Picker'
import { Segmented } from '@/components/Segmented'
import { TextInput } from '@/components/TextInput'
import { GroupFields } from './ConditionFields'
import type { Faults } from './conditionForm'
import styles from './DependencyEditor.module.css'
import type { DependencyForm } from './dependencyForm'
import { granularities } from './dependencyWords'
import { PipelineInput } from './PipelineInput'
import { timezones } from './suggestions'

interface FieldsProps {
  form: DependencyForm
  faults: Faults
  onChange: (part: Partial<DependencyForm>) => void
}

/** All that a dependency has. */
export function DependencyFields({ isNew, ...props }: FieldsProps & { isNew: boolean }) {
  const { form, faults, onChange } = props
  return (
    <>
      <TextInput
        label="Name"
        hint={
          isNew
            ? 'Lower-case letters, digits and hyphens.'
            : 'It cannot be changed: its firings belong to it.'
        }
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
      <fieldset className={styles.part}>
        <legend className={styles.legend}>Waits for</legend>
        <GroupFields
          mode={form.mode}
          items={form.conditions}
          path="upstream"
          faults={faults}
          onMode={(mode) => onChange({ mode })}
          onItems={(conditions) => onChange({ conditions })}
        />
      </fieldset>
      <TargetFields {...props} />
      <KeyFields {...props} />
      <LimitFields {...props} />
    </>
  )
}

function TargetFields({ form, faults, onChange }: FieldsProps) {
  return (
    <>
      <PipelineInput
        label="Starts"
        hint="The target pipeline, as orchestrator/key."
        value={form.target}
        onChange={(target) => onChange({ target })}
        error={faults['target']}
      />
      <TextInput
        label="Parameters (JSON, optional)"
        hint={'Text may be a template, such as {"day": "{{ key }}"}.'}
        lines={3}
        value={form.parameters}
        onChange={(parameters) => onChange({ parameters })}
        error={faults['parameters']}
      />
      <TextInput
        label="Partition (optional)"
        hint="If the target has partitions: which one to run, such as {{ key }}."
        value={form.partition}
        onChange={(partition) => onChange({ partition })}
        error={faults['partition']}
      />
    </>
  )
}

const keys = Object.keys(granularities) as KeyGranularity[]

function KeyFields({ form, faults, onChange }: FieldsProps) {
  return (
    <>
      <div className={styles.line}>
        <span className={styles.label}>Once for each</span>
        <Picker
          label="Once for each"
          all="run"
          value={form.keyedBy === 'RUN' ? null : granularities[form.keyedBy]}
          onChange={(word) => onChange({ keyedBy: keys.find((key) => granularities[key] === word) ?? 'RUN' })}
          options={keys.filter((key) => key !== 'RUN').map((key) => granularities[key])}
        />
        {faults['keyedBy'] && <span className={styles.fault}>{faults['keyedBy']}</span>}
      </div>
      <TextInput
        label="Time zone"
        hint="Its days and hours count, such as those of Europe/Zurich."
        suggestions={timezones}
        value={form.timezone}
        onChange={(timezone) => onChange({ timezone })}
        error={faults['timezone']}
      />
      <TextInput
        label="Expires after (optional)"
        hint="Such as 3h. A firing that still waits after that time expires."
        value={form.timeout}
        onChange={(timeout) => onChange({ timeout })}
        error={faults['timeout']}
      />
    </>
  )
}

const reruns: { value: Rerun; label: string }[] = [
  { value: 'IGNORE', label: 'nothing' },
  { value: 'FIRE', label: 'it fires again' },
  { value: 'ASK', label: 'a person is asked' },
]

function LimitFields({ form, faults, onChange }: FieldsProps) {
  return (
    <>
      <div className={styles.line}>
        <span className={styles.label}>When what it waits for runs once more</span>
        <Segmented
          label="When what it waits for runs once more"
          value={form.onRerun}
          onChange={(onRerun) => onChange({ onRerun })}
          options={reruns.map((one) => ({ ...one, content: one.label }))}
        />
      </div>
      <div className={styles.pair}>
        <TextInput
          label="Runs at once (optional)"
          hint="It waits while this many runs of the target are under way."
          inputMode="numeric"
          value={form.maxActive}
          onChange={(maxActive) => onChange({ maxActive })}
          error={faults['maxActive']}
        />
        <TextInput
          label="Runs a minute (optional)"
          hint="It starts at most this many within a minute."
          inputMode="numeric"
          value={form.maxPerMinute}
          onChange={(maxPerMinute) => onChange({ maxPerMinute })}
          error={faults['maxPerMinute']}
        />
      </div>
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={form.isCycleAllowed}
          onChange={({ target }) => onChange({ isCycleAllowed: target.checked })}
        />
        Allow a cycle: its target may lead back to what it waits for
      </label>
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={form.isEnabled}
          onChange={({ target }) => onChange({ isEnabled: target.checked })}
        />
        Enabled: new firings begin
      </label>
    </>
  )
}
