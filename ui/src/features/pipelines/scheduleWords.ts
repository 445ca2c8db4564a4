import { toString } from 'cronstrue'

/** What vendors write instead of five fields. */
const presets: Record<string, string> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
}

/** A crontab in words; null where it is none, or one that only its orchestrator understands. */
export function scheduleWords(schedule: string): string | null {
  const fields = presets[schedule.trim()] ?? schedule.trim()
  if (!/^(?:[\d*][^\s]*|[A-Z?L][^\s]*)(?:\s+\S+){4}$/i.test(fields)) return null
  try {
    return toString(fields, { use24HourTimeFormat: true, verbose: false })
  } catch {
    return null
  }
}
