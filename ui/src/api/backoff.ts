/**
 * Milliseconds to wait before the `attempt`-th reconnection (0 is the first): doubling from half a second to eight
 * seconds, with jitter so that the pages of a whole company do not come back at the same moment.
 */
export function reconnectDelay(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(8_000, 500 * 2 ** Math.min(attempt, 10))
  return Math.round(ceiling * (0.5 + 0.5 * random()))
}
