import { useSyncExternalStore } from 'react'

/** One clock per period, shared by everything on the page that ticks with it, and stopped when nothing does. */
interface Ticker {
  now: number
  subscribe: (listener: () => void) => () => void
}

const tickers = new Map<number, Ticker>()

function createTicker(period: number): Ticker {
  const listeners = new Set<() => void>()
  let timer: number | undefined
  const ticker: Ticker = {
    now: Date.now(),
    subscribe: (listener) => {
      listeners.add(listener)
      if (listeners.size === 1) {
        timer = window.setInterval(() => {
          ticker.now = Date.now()
          for (const notify of listeners) notify()
        }, period)
      }
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) window.clearInterval(timer)
      }
    },
  }
  return ticker
}

/** The time in milliseconds since the epoch, refreshed every `period` milliseconds. */
export function useNow(period: number): number {
  let ticker = tickers.get(period)
  if (!ticker) {
    ticker = createTicker(period)
    tickers.set(period, ticker)
  }
  const shared = ticker
  return useSyncExternalStore(shared.subscribe, () => shared.now)
}
