import { Instant } from '@/time/Instant'
import {
  Activity,
  Bell,
  BellOff,
  CircleCheck,
  CircleDot,
  GitMerge,
  type LucideIcon,
  RotateCcw,
  SearchCheck,
  Siren,
  TriangleAlert,
  UserCheck,
} from 'lucide-react'
import type { IncidentDetail } from './incidentQueries'
import styles from './Timeline.module.css'
import { useLocalTimes } from './useLocalTimes'

interface StepLook {
  icon: LucideIcon
  tone: 'bad' | 'good' | 'active' | 'caution' | 'neutral'
}

const looks: Record<string, StepLook> = {
  OPENED: { icon: CircleDot, tone: 'bad' },
  SIGNAL_BEGAN: { icon: TriangleAlert, tone: 'caution' },
  SIGNAL_ENDED: { icon: Activity, tone: 'good' },
  CAUSE_FOUND: { icon: SearchCheck, tone: 'active' },
  MERGED: { icon: GitMerge, tone: 'neutral' },
  SILENCED: { icon: BellOff, tone: 'neutral' },
  ACKNOWLEDGED: { icon: UserCheck, tone: 'active' },
  NOTIFIED: { icon: Bell, tone: 'neutral' },
  ESCALATED: { icon: Siren, tone: 'caution' },
  RESOLVED: { icon: CircleCheck, tone: 'good' },
  REOPENED: { icon: RotateCcw, tone: 'bad' },
}
const unknown: StepLook = { icon: CircleDot, tone: 'neutral' }

/** What has happened, the latest first. */
export function Timeline({ steps }: { steps: IncidentDetail['timeline'] }) {
  const local = useLocalTimes()
  return (
    <ol className={styles.steps}>
      {steps.toReversed().map((step, place) => {
        const { icon: Icon, tone } = looks[step.kind] ?? unknown
        return (
          <li key={steps.length - place} className={styles.step}>
            <span className={styles.mark} data-tone={tone} aria-hidden>
              <Icon size={14} />
            </span>
            <div className={styles.text}>
              <p>
                {step.by && <strong>{step.by}: </strong>}
                {local(step.text)}
              </p>
              <p className={styles.when}>
                {words(step.kind)} · <Instant at={step.at} show="absolute" />
              </p>
            </div>
          </li>
        )
      })}
    </ol>
  )
}

const otherWords: Record<string, string> = { SIGNAL_BEGAN: 'new signal', SIGNAL_ENDED: 'signal over' }

function words(kind: string): string {
  return otherWords[kind] ?? kind.toLowerCase().replaceAll('_', ' ')
}
