import { isOngoing, runStates } from '@/features/runs/runState'
import { formatDuration, formatInstant, type Zone } from '@/time/format'
import type { Bar, Lane, LaneGroup, Link } from './timelineQueries'
import { stretchOf } from './lanes'

/** What is told of a bar, also to those who do not see it. */
export interface Words {
  state: string
  /** When it began, and how long it took or has taken */
  times: string
}

/** `known`: until when its orchestrator could be asked. */
export function barWords(bar: Bar, now: number, zone: Zone, known = now): Words {
  const { from, to } = stretchOf(bar, known)
  const began = formatInstant(from, now, zone)
  const word = runStates[bar.state].word
  if (bar.runCount > 1) {
    return {
      state: `${bar.runCount} runs, ${word === 'Success' ? 'all well' : `the worst: ${word.toLowerCase()}`}`,
      times: `${began} to ${formatInstant(to, now, zone)}`,
    }
  }
  return { state: word, times: singleTimes(bar, began, to - from, known < now) }
}

function singleTimes(bar: Bar, began: string, length: number, isOld: boolean): string {
  if (isOld && isOngoing(bar.state)) {
    const what = bar.state === 'QUEUED' ? 'queued' : 'started'
    return `${what} ${began}, for ${formatDuration(whole(length))} when last known`
  }
  if (bar.state === 'QUEUED') return `queued ${began}, waits for ${formatDuration(whole(length))}`
  if (bar.endsAt !== null) return `started ${began}, took ${formatDuration(length)}`
  return isOngoing(bar.state)
    ? `started ${began}, runs for ${formatDuration(whole(length))}`
    : `started ${began}`
}

/** What still grows is told in whole seconds. */
function whole(milliseconds: number): number {
  return Math.floor(milliseconds / 1000) * 1000
}

/** So many dependencies are named of a run. */
export const mostLinks = 3

/** What led to each run and what it led to, for those who do not see the lines. */
export function linkWordsOf(links: Link[]): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>()
  const tell = (runId: string, words: string): void => {
    const told = found.get(runId) ?? []
    if (told.length < 2 * mostLinks) found.set(runId, [...told, words])
  }
  for (const { dependency, upstream, downstream } of links) {
    tell(downstream.runId, `after ${upstream.name} by ${dependency}`)
    tell(upstream.runId, `started ${downstream.name} by ${dependency}`)
  }
  return found
}

export function laneWords({ runCount, failedCount, activeCount }: Lane): string {
  return [
    `${runCount} ${runCount === 1 ? 'run' : 'runs'}`,
    ...(failedCount > 0 ? [`${failedCount} failed`] : []),
    ...(activeCount > 0 ? [`${activeCount} under way`] : []),
  ].join(', ')
}

export function groupWords({ laneCount, failingCount, activeCount }: LaneGroup): string {
  return [
    `${laneCount.toLocaleString('en')} ${laneCount === 1 ? 'pipeline' : 'pipelines'}`,
    ...(failingCount > 0 ? [`${failingCount.toLocaleString('en')} failing`] : []),
    ...(activeCount > 0 ? [`${activeCount.toLocaleString('en')} under way`] : []),
  ].join(' · ')
}
