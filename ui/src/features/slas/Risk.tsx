import type { SlaState } from '@/api/generated'
import styles from './Risk.module.css'
import { chance, riskMeans } from './slaWords'

interface RiskProps {
  standing: { state: SlaState; breachProbability: number | null }
}

/** How probable it is that the deadline is missed; of what is missed already there is nothing to say. */
export function Risk({ standing: { state, breachProbability } }: RiskProps) {
  if (state === 'MISSED' || breachProbability === null) return null
  return (
    <span className={styles.risk} data-tone={toneOf(breachProbability)} title={riskMeans}>
      {chance(breachProbability)} risk
    </span>
  )
}

function toneOf(probability: number): string {
  if (probability >= 0.7) return 'bad'
  return probability >= 0.35 ? 'caution' : 'good'
}
