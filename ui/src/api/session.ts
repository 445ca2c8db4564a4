import { createStore } from './store'

const storageKey = 'podium.token'

export interface Session {
  /** The API token; it lives as long as the browser tab. */
  token: string | null
  /** The gateway refused an answer for want of a (valid) token. */
  signInRequired: boolean
  /** The sign-in dialog is open. */
  isAsking: boolean
}

export const session = createStore<Session>({ token: read(), signInRequired: false, isAsking: false })

export function currentToken(): string | null {
  return session.get().token
}

export function signIn(token: string): void {
  sessionStorage.setItem(storageKey, token)
  session.set({ token, signInRequired: false, isAsking: false })
}

export function signOut(): void {
  sessionStorage.removeItem(storageKey)
  session.set({ token: null, signInRequired: false, isAsking: false })
}

/** Called where an answer said UNAUTHENTICATED to `usedToken`; late answers to an older token change nothing. */
export function requireSignIn(usedToken: string | null): void {
  const { token, signInRequired } = session.get()
  if (token === usedToken && !signInRequired) session.set({ token, signInRequired: true, isAsking: true })
}

export function askForToken(isAsking: boolean): void {
  session.set({ ...session.get(), isAsking })
}

function read(): string | null {
  try {
    return sessionStorage.getItem(storageKey)
  } catch {
    return null
  }
}
