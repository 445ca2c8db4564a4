import { CircleAlert, CircleCheck, LoaderCircle, TriangleAlert } from 'lucide-react'
import { capabilityWords as can } from './capabilityWords'
import styles from './TrialResult.module.css'
import type { Kind, Trial } from './connectQueries'

interface TrialResultProps {
  kind: Kind
  /** What came of it; null: nothing yet */
  trial: Trial | null
  isPending: boolean
  url: string
}

/** How the other side answered; read out when it comes. */
export function TrialResult({ kind, trial, isPending, url }: TrialResultProps) {
  return (
    <div role="status" className={styles.live}>
      {isPending ? (
        <p className={styles.result} data-tone="active">
          <LoaderCircle aria-hidden size={20} className={styles.turning} />
          <span>Asking {url.trim()} who it is, and what Podium may do there…</span>
        </p>
      ) : (
        trial && (trial.ok ? <Answered kind={kind} trial={trial} /> : <Failed trial={trial} />)
      )}
    </div>
  )
}

function Answered({ kind, trial }: { kind: Kind; trial: Trial }) {
  const { version, capabilities, missing, warnings } = trial
  return (
    <div className={styles.result} data-tone={warnings.length > 0 || missing.length > 0 ? 'caution' : 'good'}>
      <CircleCheck aria-hidden size={20} className={styles.icon} />
      <div className={styles.text}>
        <p className={styles.title}>
          {kind.title} {version} answers, and lets Podium in.
        </p>
        <p>
          Podium can {capabilities.map((one) => can[one]).join(', ') || 'only look'}.
          {missing.length > 0 && <> It cannot {missing.map((one) => can[one]).join(', ')} here.</>}
        </p>
        {warnings.map((warning) => (
          <p key={warning} className={styles.warning}>
            <TriangleAlert aria-hidden size={15} /> {warning}
          </p>
        ))}
      </div>
    </div>
  )
}

function Failed({ trial: { error, remedy } }: { trial: Trial }) {
  return (
    <div className={styles.result} data-tone="bad">
      <CircleAlert aria-hidden size={20} className={styles.icon} />
      <div className={styles.text}>
        <p className={styles.title}>It does not work yet.</p>
        <p>{error}</p>
        {remedy && <p className={styles.remedy}>{remedy}</p>}
      </div>
    </div>
  )
}
