import type { SlaState } from '@/api/generated'
import { Badge } from '@/components/Badge'
import { CirclePause } from 'lucide-react'
import { slaStates } from './slaStates'

interface SlaBadgeProps {
  /** Null: not judged yet */
  state: SlaState | null
  isEnabled?: boolean
}

export function SlaBadge({ state, isEnabled = true }: SlaBadgeProps) {
  if (!isEnabled) return <Badge tone="neutral" icon={CirclePause} word="Switched off" />
  return <Badge {...slaStates[state ?? 'PENDING']} />
}
