import type { FiringState, KeyGranularity, RunState } from '@/api/generated'
import type { Tone } from '@/components/Badge'
import { parseDuration } from '@/time/format'
import {
  Ban,
  CircleCheck,
  CircleX,
  Hourglass,
  LoaderCircle,
  type LucideIcon,
  Send,
  TimerOff,
  Zap,
} from 'lucide-react'
import { type Group, isGroup, type Node, subjectOf } from './conditionTree'
import type { Condition, Dependency, Firing } from './dependencyQueries'

interface Look {
  word: string
  tone: Tone
  icon: LucideIcon
}

export const firingStates: Record<FiringState, Look> = {
  WAITING: { word: 'Waiting', tone: 'caution', icon: Hourglass },
  READY: { word: 'Ready', tone: 'active', icon: Zap },
  TRIGGERING: { word: 'Triggering', tone: 'active', icon: Send },
  TRIGGERED: { word: 'Triggered', tone: 'active', icon: LoaderCircle },
  SUCCEEDED: { word: 'Succeeded', tone: 'good', icon: CircleCheck },
  FAILED: { word: 'Failed', tone: 'bad', icon: CircleX },
  EXPIRED: { word: 'Expired', tone: 'bad', icon: TimerOff },
  CANCELLED: { word: 'Cancelled', tone: 'neutral', icon: Ban },
}
export const firingStateOrder = Object.keys(firingStates) as FiringState[]

export function isFiringState(value: string): value is FiringState {
  return Object.hasOwn(firingStates, value)
}

/** In a sentence: "once for each day". */
export const granularities: Record<KeyGranularity, string> = {
  RUN: 'run',
  MINUTE: 'minute',
  HOUR: 'hour',
  DAY: 'day',
  WEEK: 'week',
  MONTH: 'month',
  PARTITION: 'partition',
}

export function isKeyedByTime(keyedBy: KeyGranularity): boolean {
  return keyedBy !== 'RUN' && keyedBy !== 'PARTITION'
}

/** "once for each day of Europe/Zurich"; a run has no time zone that would matter. */
export function keyWords({ keyedBy, timezone }: Pick<Dependency, 'keyedBy' | 'timezone'>): string {
  const each = `once for each ${granularities[keyedBy]}`
  return isKeyedByTime(keyedBy) ? `${each} in ${timezone}` : each
}

/** As podium.yaml has it: PT2H30M is 2h30m. */
export function shortDuration(iso: string): string {
  let rest = parseDuration(iso)
  if (rest === null) return iso
  if (rest === 0) return '0s'
  let text = ''
  for (const [unit, length] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
    ['ms', 1],
  ] as const) {
    const amount = Math.floor(rest / length)
    rest -= amount * length
    if (amount > 0) text += `${amount}${unit}`
  }
  return text
}

const ends: Partial<Record<RunState, string>> = {
  SUCCESS: 'succeeded',
  FAILED: 'failed',
  CANCELLED: 'been cancelled',
  SKIPPED: 'been skipped',
  UNKNOWN: 'ended somehow',
}

/** What must be so, after the name: "has succeeded for the day before". */
export function conditionWords(condition: Condition, keyedBy: KeyGranularity): string {
  const { states, cron, lasts, freshWithin, partitions } = condition
  if (cron !== null) return `is open, for ${shortDuration(lasts ?? 'PT0S')} each time`
  const when = whenWords(condition, keyedBy)
  if (states === null) {
    return freshWithin === null ? `was written${when}` : `was written within ${shortDuration(freshWithin)}`
  }
  const has = `has ${listed(
    states.map((state) => ends[state] ?? state.toLowerCase()),
    'or',
  )}`
  return `${has}${partitions.length > 0 ? ` for ${listed(partitions, 'and')}` : ''}${when}`
}

function whenWords({ offset, every }: Condition, keyedBy: KeyGranularity): string {
  const own = granularities[keyedBy]
  const whole = every === null ? '' : ` for every ${granularities[every]}`
  if (offset === 0) return every === null ? '' : `${whole} of the ${own}`
  const unit = granularities[every ?? keyedBy]
  const before = offset === 1 ? `the ${unit} before` : `${offset} ${unit}s before`
  return every === null ? ` for ${before}` : `${whole} of the ${own}, ${before}`
}

function listed(words: readonly string[], joint: string): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} ${joint} ${words.at(-1) ?? ''}`
}

/** "all of these", "any of these"; nothing where there is only one. */
export function modeWords({ mode, items }: Group): string {
  if (items.length < 2) return 'this holds'
  return mode === 'ALL' ? 'all of these hold' : 'any of these holds'
}

/** What a person calls it: a pipeline by orchestrator/key, a window by its times. */
export function conditionName(condition: Condition): string {
  const subject = subjectOf(condition)
  if (subject.what === 'window') return `the window ${subject.cron}`
  return subject.what === 'dataset' ? subject.name : condition.name
}

/** What has to come yet, without what no longer matters: nothing of an "any of" of which one holds. */
export function missingOf(group: Group, satisfied: readonly { isSatisfied: boolean }[]): Node[] {
  const holds = (node: Node): boolean =>
    isGroup(node) ? missingOf(node, satisfied).length === 0 : (satisfied[node.place]?.isSatisfied ?? false)
  if (group.mode === 'ANY')
    return group.items.some(holds) ? [] : [group.items.length > 1 ? group : single(group)]
  return group.items.flatMap((item) => {
    if (holds(item)) return []
    return isGroup(item) ? missingOf(item, satisfied) : [item]
  })
}

function single({ items: [only], ...group }: Group): Node {
  return only ?? { ...group, items: [] }
}

function nodeWords(node: Node): string {
  if (!isGroup(node)) return conditionName(node.condition)
  return listed(node.items.map(nodeWords), node.mode === 'ALL' ? 'and' : 'or')
}

/** What has to come yet, in words; empty where nothing has. */
export function missingWords(group: Group, { satisfied }: Pick<Firing, 'satisfied'>): string {
  return listed(missingOf(group, satisfied).map(nodeWords), 'and')
}

const hasStarted = new Set<FiringState>(['TRIGGERING', 'TRIGGERED', 'SUCCEEDED', 'FAILED'])

/** "3 of 4 conditions, waiting for …". */
export function progressWords(group: Group, firing: Pick<Firing, 'state' | 'satisfied' | 'asks'>): string {
  const { satisfied, state, asks } = firing
  const held = satisfied.filter(({ isSatisfied }) => isSatisfied).length
  const counted = `${held} of ${satisfied.length} condition${satisfied.length === 1 ? '' : 's'}`
  if (hasStarted.has(state) && missingWords(group, firing) !== '') return `${counted}, fired manually`
  if (state !== 'WAITING') return counted
  if (asks) return `${counted}, waiting for a person to let it go: its key has fired before`
  const missing = missingWords(group, firing)
  return missing === '' ? counted : `${counted}, waiting for ${missing}`
}

/** Why it cannot be fired again; nothing where it can. */
export function whyNotAgain({ state }: Pick<Firing, 'state'>): string | undefined {
  if (state === 'FAILED' || state === 'EXPIRED' || state === 'CANCELLED') return undefined
  return 'Only what has failed, expired or was cancelled can fire again'
}

/** Why it cannot be let go now; nothing where it can. */
export function whyNotNow({ state }: Pick<Firing, 'state'>): string | undefined {
  return state === 'WAITING' ? undefined : 'Only what waits can be let go'
}

/** Why it cannot be cancelled; nothing where it can. */
export function whyNotCancel({ state }: Pick<Firing, 'state'>): string | undefined {
  if (state === 'WAITING' || state === 'READY') return undefined
  return state === 'TRIGGERED' ? 'Cancel its run instead' : 'Only what waits or is ready can be cancelled'
}
