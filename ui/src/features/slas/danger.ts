import type { SlaStandingFragment } from '@/api/generated'

interface Promised {
  name: string
  isEnabled: boolean
  current: Pick<
    SlaStandingFragment,
    'state' | 'dueAt' | 'completedAt' | 'breachProbability' | 'opensAt'
  > | null
}

const never = Number.MAX_SAFE_INTEGER

/** Missed and not done first, the longest overdue one at the top; then what is at risk, then what goes on, by when it is due. */
export function byDanger<Sla extends Promised>(slas: Sla[]): Sla[] {
  return slas.toSorted(
    (a, b) => rankOf(a) - rankOf(b) || urgencyOf(a) - urgencyOf(b) || a.name.localeCompare(b.name),
  )
}

function rankOf({ isEnabled, current }: Promised): number {
  if (!isEnabled) return 6
  if (!current) return 5
  const ranks = { MISSED: current.completedAt === null ? 0 : 3, AT_RISK: 1, ON_TRACK: 2, PENDING: 4, MET: 5 }
  return ranks[current.state]
}

/** The smaller, the more urgent among those of one rank. */
function urgencyOf({ current }: Promised): number {
  if (!current) return never
  if (current.state === 'AT_RISK') return -(current.breachProbability ?? 1)
  const at = current.state === 'PENDING' ? current.opensAt : current.dueAt
  return at === null ? never : Date.parse(at)
}
