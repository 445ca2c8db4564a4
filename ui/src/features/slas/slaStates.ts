import type { SlaState } from '@/api/generated'
import type { Tone } from '@/components/Badge'
import { CircleCheck, CircleDashed, type LucideIcon, Timer, TimerOff } from 'lucide-react'

interface Look {
  word: string
  tone: Tone
  icon: LucideIcon
}

/** The most dangerous first. */
export const slaStates: Record<SlaState, Look> = {
  MISSED: { word: 'Missed', tone: 'worst', icon: TimerOff },
  AT_RISK: { word: 'At risk', tone: 'caution', icon: Timer },
  ON_TRACK: { word: 'On track', tone: 'good', icon: Timer },
  MET: { word: 'Met', tone: 'good', icon: CircleCheck },
  PENDING: { word: 'Pending', tone: 'neutral', icon: CircleDashed },
}
export const slaStateOrder = Object.keys(slaStates) as SlaState[]

export function isSlaState(value: string): value is SlaState {
  return Object.hasOwn(slaStates, value)
}
