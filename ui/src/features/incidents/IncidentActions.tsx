import { execute } from '@/api/client'
import {
  AcknowledgeIncidentDocument,
  type IncidentRowFragment,
  ResolveIncidentDocument,
} from '@/api/generated'
import { ActionButtons } from '@/components/ActionButtons'
import { FormDialog } from '@/components/FormDialog'
import { TextInput } from '@/components/TextInput'
import { meQuery, useActionRefusal } from '@/features/session/permission'
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { BellOff, CircleCheck, type LucideIcon, UserCheck } from 'lucide-react'
import { useState } from 'react'
import styles from './IncidentActions.module.css'
import { type IncidentDetail, incidentKeys } from './incidentQueries'
import { SilenceDialog } from './SilenceDialog'
import { useLocalTimes } from './useLocalTimes'

type Question = 'acknowledge' | 'resolve' | 'silence'

const actions: { id: Question; label: string; icon: LucideIcon }[] = [
  { id: 'acknowledge', label: 'Acknowledge…', icon: UserCheck },
  { id: 'silence', label: 'Silence…', icon: BellOff },
  { id: 'resolve', label: 'Resolve…', icon: CircleCheck },
]

/** As much as the API takes. */
export const longestComment = 1_000

interface IncidentActionsProps {
  incident: IncidentDetail
  /** The address asks to acknowledge it: the dialog is open at once */
  isAcknowledging: boolean
  /** The dialog that the address asked for is closed */
  onAcknowledged: () => void
}

/** What can be done about an incident; whoever may not is told why. */
export function IncidentActions({ incident, isAcknowledging, onAcknowledged }: IncidentActionsProps) {
  const [asked, setAsked] = useState<Question | null>(null)
  const refusal = useActionRefusal()
  // Nothing is asked before it is known that this person may answer.
  const { isSuccess: isRoleKnown } = useQuery(meQuery)
  const isOver = incident.state === 'RESOLVED'
  const close = (): void => {
    setAsked(null)
    if (isAcknowledging) onAcknowledged()
  }
  const question = asked ?? (isAcknowledging && !isOver ? 'acknowledge' : null)
  return (
    <div className={styles.actions}>
      <ActionButtons
        actions={actions
          .filter(({ id }) => id === 'silence' || !isOver)
          .map((action) => ({ ...action, unavailable: refusal, run: () => setAsked(action.id) }))}
        primary={incident.acknowledgedBy === null ? 'acknowledge' : null}
      />
      {isAcknowledging && isOver && (
        <p className={styles.reason}>It is over already; there is nothing left to acknowledge.</p>
      )}
      {question && isRoleKnown && refusal === undefined && (
        <QuestionDialog question={question} incident={incident} onClose={close} />
      )}
    </div>
  )
}

function QuestionDialog({ question, ...props }: DialogProps & { question: Question }) {
  if (question === 'acknowledge') return <AcknowledgeDialog {...props} />
  return question === 'resolve' ? <ResolveDialog {...props} /> : <SilenceDialog {...props} />
}

interface DialogProps {
  incident: IncidentDetail
  onClose: () => void
}

function AcknowledgeDialog({ incident, onClose }: DialogProps) {
  const queries = useQueryClient()
  const [comment, setComment] = useState('')
  const { id, acknowledgedBy } = incident
  const local = useLocalTimes()
  const acknowledge = async (): Promise<void> => {
    const done = await execute(AcknowledgeIncidentDocument, { id, comment: comment.trim() || null })
    apply(queries, done.acknowledgeIncident)
  }
  return (
    <FormDialog
      title="Acknowledge this incident?"
      action="Acknowledge"
      onConfirm={acknowledge}
      onClose={onClose}
    >
      <p className={styles.title}>{local(incident.title)}</p>
      <p>
        Everyone sees that you take care of it, and whoever was told of it is told that too. Reminders and
        escalations stop. It stays open until what is wrong is well again.
      </p>
      {acknowledgedBy !== null && (
        <p>
          <strong>{acknowledgedBy}</strong> has acknowledged it already; your name will stand there instead.
        </p>
      )}
      <Comment value={comment} onChange={setComment} />
    </FormDialog>
  )
}

function ResolveDialog({ incident, onClose }: DialogProps) {
  const queries = useQueryClient()
  const [comment, setComment] = useState('')
  const local = useLocalTimes()
  const still = incident.signals.filter(({ endedAt }) => endedAt === null).length
  const resolve = async (): Promise<void> => {
    const done = await execute(ResolveIncidentDocument, { id: incident.id, comment: comment.trim() || null })
    apply(queries, done.resolveIncident)
  }
  return (
    <FormDialog title="Resolve this incident?" action="Resolve" onConfirm={resolve} onClose={onClose}>
      <p className={styles.title}>{local(incident.title)}</p>
      <p>
        It is over from now on, and whoever was told of it is told that. Nothing is done at any orchestrator.
        {still > 0 && (
          <>
            {' '}
            <strong>
              {still === 1 ? 'One thing is' : `${still.toLocaleString('en')} things are`} still wrong
            </strong>{' '}
            and will be left alone: the incident comes back only where something begins anew. Without this it
            is resolved by itself once all is well.
          </>
        )}
      </p>
      <Comment value={comment} onChange={setComment} />
    </FormDialog>
  )
}

function Comment({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <TextInput
      label="Comment (optional)"
      hint="It stands in the timeline."
      value={value}
      onChange={onChange}
      maxLength={longestComment}
    />
  )
}

/** Shows at once what the gateway answered; everything else about it is asked for anew. */
function apply(queries: QueryClient, changed: IncidentRowFragment): void {
  queries.setQueryData<IncidentDetail>(
    incidentKeys.detail(changed.id),
    (shown) => shown && { ...shown, ...changed },
  )
  void queries.invalidateQueries({ queryKey: incidentKeys.all })
}
