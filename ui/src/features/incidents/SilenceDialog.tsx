import { execute } from '@/api/client'
import { CreateSilenceDocument } from '@/api/generated'
import { FormDialog } from '@/components/FormDialog'
import { Segmented } from '@/components/Segmented'
import { TextInput } from '@/components/TextInput'
import { Instant } from '@/time/Instant'
import { useNow } from '@/time/useNow'
import { useQueryClient } from '@tanstack/react-query'
import { Check } from 'lucide-react'
import { useState } from 'react'
import { CheckboxButton, CheckboxField } from 'react-aria-components/Checkbox'
import { CheckboxGroup } from 'react-aria-components/CheckboxGroup'
import { Label } from 'react-aria-components/Label'
import { longestComment } from './IncidentActions'
import { type IncidentDetail, incidentKeys } from './incidentQueries'
import styles from './SilenceDialog.module.css'
import { isMatched, labelsOf, matcherWords, suggestedLabels } from './silenceMatch'

const hour = 3_600_000
const durations = { '1h': hour, '4h': 4 * hour, '1d': 24 * hour }
type Lasting = keyof typeof durations
const durationWords: Record<Lasting, string> = { '1h': '1 hour', '4h': '4 hours', '1d': '1 day' }

function endOf(lasting: Lasting): string {
  return new Date(Date.now() + durations[lasting]).toISOString()
}

/** Lets nobody be told of such signals for a while; what "such" means is chosen among the labels of the cause. */
export function SilenceDialog({ incident, onClose }: { incident: IncidentDetail; onClose: () => void }) {
  const queries = useQueryClient()
  const labels = labelsOf((incident.cause ?? incident.signals[0])?.labels)
  const [chosen, setChosen] = useState(() => suggestedLabels(labels))
  const [lasting, setLasting] = useState<Lasting>('1h')
  const [comment, setComment] = useState('')
  const now = useNow(5_000)
  const matchers = chosen.map((label) => ({ label, value: labels[label] ?? '', operator: 'EQ' as const }))
  const silence = async (): Promise<void> => {
    const endsAt = endOf(lasting)
    await execute(CreateSilenceDocument, {
      input: { matchers, endsAt, comment: comment.trim(), startsAt: null },
    })
    await queries.invalidateQueries({ queryKey: incidentKeys.all })
  }
  const covered = incident.signals.filter((signal) => isMatched(matchers, labelsOf(signal.labels))).length
  return (
    <FormDialog
      title="Silence this incident?"
      action={`Silence for ${durationWords[lasting]}`}
      isIncomplete={chosen.length === 0 || comment.trim() === ''}
      onConfirm={silence}
      onClose={onClose}
    >
      <p>
        No notifications until{' '}
        <Instant at={new Date(now + durations[lasting]).toISOString()} show="absolute" /> for signals with all
        of these labels, in this or any other incident. Podium keeps watching and still shows them here.
      </p>
      <CheckboxGroup value={chosen} onChange={setChosen} className={styles.labels ?? ''}>
        <Label className={styles.label ?? ''}>Labels</Label>
        {Object.entries(labels).map(([label, value]) => (
          <CheckboxField key={label} value={label}>
            <CheckboxButton className={styles.option ?? ''}>
              <span className={styles.box}>
                <Check aria-hidden size={13} strokeWidth={3} />
              </span>
              <code>{matcherWords({ label, value, operator: 'EQ' })}</code>
            </CheckboxButton>
          </CheckboxField>
        ))}
      </CheckboxGroup>
      <p className={styles.covered}>{coveredWords(chosen.length, covered, incident.signals.length)}</p>
      <div className={styles.lasting}>
        <span className={styles.label}>For</span>
        <Segmented
          label="How long"
          value={lasting}
          onChange={setLasting}
          options={(Object.keys(durations) as Lasting[]).map((value) => ({
            value,
            label: durationWords[value],
            content: durationWords[value],
          }))}
        />
      </div>
      <TextInput
        label="Comment"
        hint="Why? Others will see this."
        value={comment}
        onChange={setComment}
        isRequired
        maxLength={longestComment}
      />
    </FormDialog>
  )
}

function coveredWords(labels: number, covered: number, all: number): string {
  if (labels === 0) return 'Choose at least one label.'
  if (covered === all)
    return all === 1 ? 'This covers its one signal.' : `This covers all its ${all} signals.`
  const rest = all - covered
  return `This covers ${covered} of its ${all} signals; ${rest === 1 ? 'the other one still notifies' : `the other ${rest} still notify`}.`
}
