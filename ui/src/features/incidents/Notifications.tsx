import { execute } from '@/api/client'
import { ResendNotificationDocument } from '@/api/generated'
import { Badge } from '@/components/Badge'
import { Button } from '@/components/Button'
import { ErrorNotice } from '@/components/Notice'
import { useActionRefusal } from '@/features/session/permission'
import { Instant } from '@/time/Instant'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId } from 'react'
import { type IncidentDetail, incidentKeys } from './incidentQueries'
import { notificationStates } from './incidentWords'
import styles from './Notifications.module.css'

type Notification = IncidentDetail['notifications'][number]

/** Who has been told of what, the latest first. */
export function Notifications({ notifications, state }: Pick<IncidentDetail, 'notifications' | 'state'>) {
  if (notifications.length === 0 && state === 'SUPPRESSED') {
    return <p className={styles.none}>Nobody has been told: all that is wrong in it is silenced.</p>
  }
  if (notifications.length === 0) {
    return (
      <p className={styles.none}>
        Nobody has been told. Receivers and routes stand under <code>alerts</code> in podium.yaml; a message
        goes out once <code>group_wait</code> has passed.
      </p>
    )
  }
  return (
    <ul>
      {notifications.toReversed().map((notification) => (
        <Told key={notification.id} notification={notification} />
      ))}
    </ul>
  )
}

function Told({ notification }: { notification: Notification }) {
  const { receiver, event, state, attempts, lastError, createdAt, sentAt } = notification
  return (
    <li className={styles.told}>
      <div className={styles.text}>
        <p>
          <strong>{receiver}</strong> <span className={styles.event}>{event}</span>
        </p>
        <p className={styles.when}>
          <Instant at={sentAt ?? createdAt} show="absolute" />
          {attempts > 1 && ` · ${attempts} attempts`}
        </p>
      </div>
      <Badge {...notificationStates[state]} />
      {lastError !== null && state !== 'SENT' && <p className={styles.error}>{lastError}</p>}
      {state === 'FAILED' && <Resend id={notification.id} />}
    </li>
  )
}

function Resend({ id }: { id: string }) {
  const queries = useQueryClient()
  const refusal = useActionRefusal()
  const reason = useId()
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => execute(ResendNotificationDocument, { id }),
    onSuccess: () => queries.invalidateQueries({ queryKey: incidentKeys.all }),
  })
  return (
    <div className={styles.resend}>
      <Button
        isPending={isPending}
        isDisabled={refusal !== undefined}
        {...(refusal !== undefined && { 'aria-describedby': reason })}
        onPress={() => mutate()}
      >
        {isPending ? 'Working…' : 'Send again'}
      </Button>
      {refusal !== undefined && (
        <p id={reason} className={styles.when}>
          {refusal}.
        </p>
      )}
      {error && <ErrorNotice error={error} />}
    </div>
  )
}
