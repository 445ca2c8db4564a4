import { useStore } from '@/api/store'
import { zone } from '@/features/preferences/preferences'
import { useNow } from '@/time/useNow'
import { withTimesIn } from './signalTimes'

/** Puts the times in the gateway's words about an incident into the zone that the person chose. */
export function useLocalTimes(): (words: string) => string {
  const now = useNow(60_000)
  const chosen = useStore(zone)
  return (words) => withTimesIn(words, now, chosen)
}
