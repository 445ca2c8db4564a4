import type { Zone } from '@/time/format'

/** A time up to now as an address says it: "24h", "7d", "today". It means the same whenever the address is opened. */
export type When = 'today' | `${number}h` | `${number}d`

const minute = 60_000
const units = { h: 60 * minute, d: 1_440 * minute } as const
const unitWords = { h: 'hour', d: 'day' } as const

/** Those that are offered. */
export const whens: When[] = ['1h', 'today', '24h', '7d']

/** What an address may say; undefined for all else. */
export function parseWhen(word: unknown): When | undefined {
  if (word === 'today') return word
  return typeof word === 'string' && /^[1-9]\d{0,2}[hd]$/.test(word) ? (word as When) : undefined
}

function partsOf(when: Exclude<When, 'today'>): { count: number; unit: keyof typeof units } {
  return { count: Number(when.slice(0, -1)), unit: when.endsWith('h') ? 'h' : 'd' }
}

/** "Last hour", "Today", "Last 7 days". */
export function whenWords(when: When): string {
  if (when === 'today') return 'Today'
  const { count, unit } = partsOf(when)
  return count === 1 ? `Last ${unitWords[unit]}` : `Last ${count} ${unitWords[unit]}s`
}

/** When it began: by the minute, so that a list and its count ask for the same; a day by the clock of the zone. */
export function beginOf(when: When, now: number, zone: Zone): string {
  return new Date(beginAt(when, now, zone)).toISOString().replace('.000Z', 'Z')
}

function beginAt(when: When, now: number, zone: Zone): number {
  if (when !== 'today') {
    const { count, unit } = partsOf(when)
    return Math.floor((now - count * units[unit]) / minute) * minute
  }
  const midnight = new Date(now)
  return zone === 'utc' ? midnight.setUTCHours(0, 0, 0, 0) : midnight.setHours(0, 0, 0, 0)
}
