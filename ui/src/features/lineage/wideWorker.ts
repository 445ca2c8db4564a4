import type { WideAsked, WideLaid } from './wideLayout'

let started: Worker | null = null
let count = 0

/** Lays out thousands of nodes in a thread of its own, which begins with the first of them. */
export function layOutAside(asked: WideAsked): Promise<WideLaid> {
  started ??= new Worker(new URL('./wide.worker.ts', import.meta.url), { type: 'module' })
  const worker = started
  const number = (count += 1)
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      worker.removeEventListener('message', take)
      worker.removeEventListener('error', fail)
    }
    const take = ({ data }: MessageEvent<{ number: number; laid: WideLaid }>): void => {
      if (data.number !== number) return
      stop()
      resolve(data.laid)
    }
    const fail = (): void => {
      stop()
      started = null
      reject(new Error('The graph could not be laid out. Show it as a list, or go fewer steps.'))
    }
    worker.addEventListener('message', take)
    worker.addEventListener('error', fail)
    worker.postMessage({ ...asked, number })
  })
}
