import { buildSchema } from 'graphql'
import { useServer as serveOver } from 'graphql-ws/use/ws'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { soon } from '../../test/soon'
import { contact } from './contact'
import { TypedDocumentString } from './generated'
import { feed, keepSubscribed } from './live'
import { session, signIn, signOut } from './session'

// A real server on a real socket: what is tested is the conversation.

const once = new TypedDocumentString<{ once: number }, Record<string, never>>('subscription { once }')
const ticks = new TypedDocumentString<{ tick: number }, Record<string, never>>('subscription { tick }')
let stop: (() => void) | undefined
let running: { port: number; close: () => Promise<void> } | undefined

async function serve(port: number, acceptedToken: string | null = null): Promise<{ port: number }> {
  const sockets = new WebSocketServer({ host: '127.0.0.1', port, path: '/graphql' })
  await new Promise((listening) => sockets.once('listening', listening))
  const server = serveOver(
    {
      schema: buildSchema('type Query { ok: Boolean } type Subscription { tick: Int once: Int }'),
      roots: {
        subscription: {
          once: async function* () {
            await new Promise((later) => setTimeout(later, 100))
            yield { once: 1 }
          },
          tick: async function* () {
            for (let tick = 1; ; tick += 1) {
              yield { tick }
              await new Promise((later) => setTimeout(later, 20))
            }
          },
        },
      },
      onConnect: ({ connectionParams, extra }) => {
        if (acceptedToken === null || connectionParams?.['Authorization'] === `Bearer ${acceptedToken}`)
          return true
        extra.socket.close(4401, 'Unauthorized')
        return undefined
      },
    },
    sockets,
  )
  const close = async (): Promise<void> => {
    for (const socket of sockets.clients) socket.terminate()
    await server.dispose()
    await new Promise((closed) => sockets.close(closed))
  }
  running = { port: (sockets.address() as AddressInfo).port, close }
  return running
}

function pointPageTo(port: number): void {
  document.head.innerHTML = `<base href="http://127.0.0.1:${port}/">`
}

beforeEach(() => {
  // jsdom's own implementation does not work on this Node's events.
  vi.stubGlobal('WebSocket', WebSocket)
  signOut()
})
afterEach(async () => {
  stop?.()
  await running?.close()
  running = undefined
  vi.unstubAllGlobals()
})

test('what is published arrives, and a restarted gateway is found again', async () => {
  const { port } = await serve(0)
  pointPageTo(port)
  const seen: number[] = []
  const onConnected = vi.fn()
  stop = keepSubscribed([feed(ticks, {}, ({ tick }) => seen.push(tick))], onConnected)
  await soon(() => expect(seen).toContain(2))
  expect(contact.get()).toMatchObject({ phase: 'connected' })

  await running?.close()
  await soon(() => expect(contact.get().phase).toBe('lost'))
  seen.length = 0
  await serve(port)
  await soon(() => expect(seen).toContain(2))
  expect(contact.get().phase).toBe('connected')
  expect(onConnected).toHaveBeenCalledTimes(2)
})

test('a refused token asks for another and is not tried again; the right one connects', async () => {
  const { port } = await serve(0, 'right')
  pointPageTo(port)
  signIn('wrong')
  const onData = vi.fn()
  stop = keepSubscribed([feed(ticks, {}, onData)], () => undefined)
  await soon(() => expect(session.get().signInRequired).toBe(true))
  await soon(() => expect(contact.get().phase).toBe('lost'))
  expect(onData).not.toHaveBeenCalled()

  signIn('right')
  await soon(() => expect(onData).toHaveBeenCalled())
})

test('several subscriptions share a connection, and come back together where one of them ends', async () => {
  const { port } = await serve(0)
  pointPageTo(port)
  const onTick = vi.fn()
  const onOnce = vi.fn()
  const onConnected = vi.fn()
  stop = keepSubscribed([feed(ticks, {}, onTick), feed(once, {}, onOnce)], onConnected)
  await soon(() => expect(onOnce).toHaveBeenCalledTimes(1))
  expect(onTick).toHaveBeenCalled()
  expect(onConnected).toHaveBeenCalledTimes(1)

  await soon(() => expect(onConnected).toHaveBeenCalledTimes(2))
  onTick.mockClear()
  await soon(() => expect(onTick).toHaveBeenCalled())
})
