import ElkApi, { type ELK } from 'elkjs/lib/elk-api'
import workerUrl from 'elkjs/lib/elk-worker.min.js?url'

let started: ELK | null = null

/** One ELK for all layouts, in a thread of its own; it is fetched when the first graph is to be drawn. */
export function elk(): ELK {
  started ??= new ElkApi({ workerFactory: () => new Worker(workerUrl) })
  return started
}
