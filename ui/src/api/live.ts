import { createClient, type Client } from 'graphql-ws'
import { reconnectDelay } from './backoff'
import { graphqlUrl } from './client'
import { heardFromGateway, setPhase } from './contact'
import type { TypedDocumentString } from './generated'
import { currentToken, requireSignIn, session } from './session'

/** Close codes with which a gateway refuses a token. */
const refusals = new Set([4401, 4403])
const pongWithin = 5_000

/** One subscription, and who takes what it tells. */
export interface Feed {
  query: string
  variables: Record<string, unknown>
  onData: (data: unknown) => void
}

/** A feed with what keeps it going beside the connection. */
export interface Following {
  feed: Feed
  /** The connection stands (again) */
  onConnected?: () => void
  stop: () => void
}

export function feed<Result, Variables extends Record<string, unknown>>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
  onData: (data: Result) => void,
): Feed {
  return { query: document.toString(), variables, onData: (data) => onData(data as Result) }
}

/**
 * Keeps subscriptions alive on one connection for as long as the page is open: reconnects with backoff, at once when
 * the browser comes online or the person signs in, and never while a sign-in is awaited.
 * @param onConnected the connection stands (again); anything may have changed before
 * @returns a function that ends it
 */
export function keepSubscribed(feeds: Feed[], onConnected: () => void): () => void {
  let attempt = 0
  let ended = false
  let timer: number | undefined
  let client: Client | undefined

  const lost = (): void => {
    if (ended) return
    client = undefined
    setPhase('lost')
    if (session.get().signInRequired) return
    timer = window.setTimeout(connect, reconnectDelay(attempt))
    attempt += 1
  }
  const connect = (): void => {
    client = openClient(() => {
      attempt = 0
      setPhase('connected')
      onConnected()
    })
    const opened = client
    const closed = (): void => {
      if (client !== opened) return
      lost()
      // One that has ended by itself takes the others with it: together they come back.
      opened.terminate()
    }
    for (const { query, variables, onData } of feeds) {
      opened.subscribe<unknown>(
        { query, variables },
        {
          next: ({ data }) => {
            heardFromGateway()
            if (data) onData(data)
          },
          error: closed,
          complete: closed,
        },
      )
    }
  }
  const now = (): void => {
    window.clearTimeout(timer)
    const previous = client
    client = undefined
    previous?.terminate()
    attempt = 0
    connect()
  }
  const whenOnline = (): void => {
    if (!client) now()
  }
  const stopWatching = onSignIn(now)
  window.addEventListener('online', whenOnline)
  connect()

  return () => {
    ended = true
    window.clearTimeout(timer)
    stopWatching()
    window.removeEventListener('online', whenOnline)
    client?.terminate()
  }
}

function onSignIn(changed: () => void): () => void {
  let before = session.get()
  return session.subscribe(() => {
    const now = session.get()
    const signedIn = before.signInRequired && !now.signInRequired
    const other = now.token !== before.token
    before = now
    if (signedIn || other) changed()
  })
}

/** A client for one connection: its own retries are off, because a new token needs a new connection. */
function openClient(connected: () => void): Client {
  const url = graphqlUrl()
  url.protocol = url.protocol.replace('http', 'ws')
  const token = currentToken()
  let silence: number | undefined
  const client: Client = createClient({
    url: url.href,
    retryAttempts: 0,
    keepAlive: 10_000,
    ...(token && { connectionParams: { Authorization: `Bearer ${token}` } }),
    on: {
      connected: () => {
        heardFromGateway()
        connected()
      },
      ping: (received) => {
        if (!received) silence = window.setTimeout(() => client.terminate(), pongWithin)
      },
      pong: (received) => {
        if (!received) return
        window.clearTimeout(silence)
        heardFromGateway()
      },
      closed: (event) => {
        window.clearTimeout(silence)
        if (refusals.has((event as CloseEvent).code)) requireSignIn(token)
      },
    },
  })
  return client
}
