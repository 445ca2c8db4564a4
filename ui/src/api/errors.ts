/** The codes of the GraphQL contract, NETWORK where no answer came at all, and PART_MISSING of the page's own parts. */
export type ErrorCode =
  | 'BAD_USER_INPUT'
  | 'NOT_FOUND'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'CONFLICT'
  | 'UPSTREAM_UNAVAILABLE'
  | 'QUERY_TOO_COMPLEX'
  | 'INTERNAL'
  | 'NETWORK'
  | 'PART_MISSING'

const remedies: Record<ErrorCode, string> = {
  BAD_USER_INPUT: 'Correct the value and try again.',
  NOT_FOUND: 'It may have been removed, or the link is from another Podium.',
  UNAUTHENTICATED: 'Sign in with a token; an administrator makes one with `podium token create`.',
  FORBIDDEN: 'Your token’s role does not allow this. Ask for an operator or admin token.',
  CONFLICT: 'Something changed meanwhile. Reload and look again.',
  UPSTREAM_UNAVAILABLE: 'The orchestrator did not answer. Check its card on the overview, then retry.',
  QUERY_TOO_COMPLEX: 'Narrow the filter and try again.',
  INTERNAL: 'The gateway’s log has the details.',
  NETWORK: 'Check that `podium serve` is running and reachable. The page reconnects by itself.',
  PART_MISSING: 'Podium may have been updated since this page was opened, or it cannot be reached now.',
}

/** What browsers and Vite say of a script or a style that is fetched later and cannot be. */
const missingPart = /dynamically imported module|module script failed|preload CSS/i

/** A request that failed, with what a person can do about it. */
export class ApiError extends Error {
  readonly code: ErrorCode
  readonly remedy: string

  constructor(code: ErrorCode, message: string, remedy?: string) {
    super(message)
    this.name = 'ApiError'
    this.code = code
    // What the gateway says of a missing token is meant for programs.
    this.remedy = code === 'UNAUTHENTICATED' ? remedies[code] : (remedy ?? remedies[code])
  }
}

/** The contract's code for what a server said; a code it does not know counts as INTERNAL. */
export function errorCode(said: unknown): ErrorCode {
  return typeof said === 'string' && said in remedies ? (said as ErrorCode) : 'INTERNAL'
}

/** Any thrown value as an ApiError, so that every error on the page has a remedy. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  const message = error instanceof Error ? error.message : String(error)
  if (missingPart.test(message)) {
    return new ApiError('PART_MISSING', 'A part of this page could not be fetched.')
  }
  return new ApiError('INTERNAL', message)
}
