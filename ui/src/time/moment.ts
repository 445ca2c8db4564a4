import type { Zone } from './format'

/** An instant as `<input type="datetime-local">` wants it, in the chosen zone; empty where there is none. */
export function toInput(at: string | undefined, zone: Zone): string {
  if (at === undefined) return ''
  const instant = new Date(at)
  const shift = zone === 'utc' ? 0 : instant.getTimezoneOffset() * 60_000
  return new Date(instant.getTime() - shift).toISOString().slice(0, 16)
}

/** The instant that such a field stands for; none while it is not filled in, or a year is still being typed. */
export function fromInput(text: string, zone: Zone): string | undefined {
  const instant = Date.parse(zone === 'utc' ? `${text}Z` : text)
  if (Number.isNaN(instant) || Number(text.slice(0, 4)) < 1970) return undefined
  return new Date(instant).toISOString().replace('.000Z', 'Z')
}

/** An instant that somebody may have typed into an address, as the API takes it. */
export function parseInstant(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}/.test(value)) return undefined
  // A + of an offset that stands in an address unquoted is a space.
  const instant = Date.parse(value.trim().replace(' ', '+'))
  return Number.isNaN(instant) ? undefined : new Date(instant).toISOString().replace('.000Z', 'Z')
}
