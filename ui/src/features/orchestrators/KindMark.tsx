import styles from './KindMark.module.css'
import { kindName } from './orchestratorStatus'

/** A small tile that tells the kinds of orchestrator apart at a glance; its letters, not its hue, carry the meaning. */
export function KindMark({ kind, size = 'large' }: { kind: string; size?: 'small' | 'large' }) {
  return (
    <span className={styles.mark} data-kind={kind} data-size={size} title={kindName(kind)} aria-hidden>
      {kindName(kind).slice(0, 2)}
    </span>
  )
}
