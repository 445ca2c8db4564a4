import { useNow } from '@/time/useNow'
import { ClockAlert } from 'lucide-react'
import { type Outdated, outdatedWords } from './outdated'
import styles from './OutdatedMark.module.css'
import { useOutdated } from './useOutdated'

interface OutdatedMarkProps {
  /** By its name */
  orchestrator: string
  /** The words are on hover, where there is little room */
  isCompact?: boolean
}

/** Says of when what is shown of an orchestrator is; nothing while Podium gets through to it. */
export function OutdatedMark({ orchestrator, isCompact = false }: OutdatedMarkProps) {
  const outdated = useOutdated(orchestrator)
  return outdated && <Mark {...{ orchestrator, outdated, isCompact }} />
}

function Mark({ orchestrator, outdated, isCompact }: Required<OutdatedMarkProps> & { outdated: Outdated }) {
  const words = outdatedWords(orchestrator, outdated, useNow(5_000))
  return (
    <span className={styles.mark} title={isCompact ? words : undefined}>
      <ClockAlert aria-hidden size={14} />
      <span className={isCompact ? 'visually-hidden' : undefined}>{words}</span>
    </span>
  )
}
