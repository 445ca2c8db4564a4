/** How many lines of a log are read at a time: at first, and when more are wanted. The API gives no more than the last. */
export const logTails = [200, 1_000, 10_000] as const
export type Tail = (typeof logTails)[number]

/** The next larger part; null where there is none, or where all lines are shown already. */
export function moreThan(tail: Tail, shown: number): Tail | null {
  if (shown < tail) return null
  return logTails.find((one) => one > tail) ?? null
}

export function countLines(text: string | null): number {
  if (text === null || text.trim() === '') return 0
  return text.replace(/\n$/, '').split('\n').length
}

/** How much of the log is shown. */
export function tailWords(tail: Tail, shown: number): string {
  if (shown >= tail) return `Last ${tail.toLocaleString('en')} lines`
  return shown === 1 ? '1 line' : `${shown.toLocaleString('en')} lines`
}
