import { Button } from '@/components/Button'
import { TextInput } from '@/components/TextInput'
import { Plus, Trash2 } from 'lucide-react'
import styles from './DependencyEditor.module.css'
import { type ConditionField, keptWords } from './dependencyForm'

interface ConditionFieldsProps {
  conditions: ConditionField[]
  faults: Record<string, string | undefined>
  onChange: (conditions: ConditionField[]) => void
}

/** What it waits for, one by one. What has no fields here is kept as it is, or removed. */
export function ConditionFields({ conditions, faults, onChange }: ConditionFieldsProps) {
  const put = (place: number, pipeline: string): void =>
    onChange(conditions.map((one, at) => (at === place ? { pipeline, kept: null } : one)))
  return (
    <div className={styles.conditions}>
      {conditions.map(({ pipeline, kept }, place) => (
        <div key={place} className={styles.condition}>
          {kept ? (
            <p className={styles.kept}>
              {keptWords(kept)} <span className={styles.hint}>(kept as it is)</span>
            </p>
          ) : (
            <TextInput
              label={`Condition ${place + 1}`}
              hint="A pipeline, as orchestrator/key: its run must have succeeded."
              value={pipeline}
              onChange={(text) => put(place, text)}
              error={faults[`upstream[${place}]`]}
            />
          )}
          {conditions.length > 1 && (
            <Button
              look="icon"
              aria-label={`Remove condition ${place + 1}`}
              onPress={() => onChange(conditions.filter((_, at) => at !== place))}
            >
              <Trash2 aria-hidden size={16} />
            </Button>
          )}
        </div>
      ))}
      <div>
        <Button onPress={() => onChange([...conditions, { pipeline: '', kept: null }])}>
          <Plus aria-hidden size={15} /> Add a condition
        </Button>
      </div>
      <p className={styles.hint}>
        Groups, tasks, datasets and windows are written in podium.yaml or through the API.
      </p>
    </div>
  )
}
