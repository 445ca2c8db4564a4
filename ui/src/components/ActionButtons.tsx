import { useId } from 'react'
import type { Action } from './ActionMenu'
import styles from './ActionButtons.module.css'
import { Button } from './Button'

interface ActionButtonsProps {
  actions: Action[]
  /** The id of the one thing to do here */
  primary?: string | null
}

/** What can be done, side by side. What cannot be done now stays in sight, with the reason below it. */
export function ActionButtons({ actions, primary = null }: ActionButtonsProps) {
  const id = useId()
  const reasons = [...new Set(actions.flatMap(({ unavailable }) => unavailable ?? []))]
  const idOf = (reason: string): string => `${id}${reasons.indexOf(reason)}`
  return (
    <div className={styles.actions}>
      <div className={styles.buttons}>
        {actions.map(({ id: name, label, icon: Icon, unavailable, run }) => (
          <Button
            key={name}
            look={name === primary ? 'primary' : 'plain'}
            isDisabled={unavailable !== undefined}
            {...(unavailable !== undefined && { 'aria-describedby': idOf(unavailable) })}
            onPress={run}
          >
            <Icon aria-hidden size={15} /> {label}
          </Button>
        ))}
      </div>
      {reasons.map((reason) => (
        <p key={reason} id={idOf(reason)} className={styles.reason}>
          {reason}.
        </p>
      ))}
    </div>
  )
}
