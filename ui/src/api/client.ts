import type { TypedDocumentString } from './generated'
import { ApiError, errorCode } from './errors'
import { heardFromGateway } from './contact'
import { currentToken, requireSignIn } from './session'

/** Where the gateway answers: beside the page, whatever path prefix it is served under. */
export function graphqlUrl(): URL {
  return new URL('graphql', document.baseURI)
}

interface GraphQLAnswer {
  data?: unknown
  errors?: { message: string; extensions?: { code?: unknown; remedy?: unknown } }[]
}

/**
 * Sends one operation.
 * @throws ApiError for a refused, failed or unanswered request; UNAUTHENTICATED also opens the sign-in dialog.
 */
export async function execute<Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Result> {
  const token = currentToken()
  const answer = await readAnswer(
    await send(JSON.stringify({ query: document.toString(), variables }), token, signal),
  )
  const [error] = answer.errors ?? []
  if (!error) return answer.data as Result
  const { code, remedy } = error.extensions ?? {}
  const failure = new ApiError(
    errorCode(code),
    error.message,
    typeof remedy === 'string' ? remedy : undefined,
  )
  if (failure.code === 'UNAUTHENTICATED') requireSignIn(token)
  throw failure
}

async function send(body: string, token: string | null, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { 'content-type': 'application/json', accept: 'application/json' }
  if (token) headers['authorization'] = `Bearer ${token}`
  try {
    return await fetch(graphqlUrl(), { method: 'POST', headers, body, ...(signal && { signal }) })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ApiError('NETWORK', 'The gateway does not answer.')
  }
}

async function readAnswer(response: Response): Promise<GraphQLAnswer> {
  let body: unknown
  try {
    body = await response.json()
  } catch {
    throw answerWithoutGraphQL(response, undefined)
  }
  const answer = body as GraphQLAnswer & { detail?: unknown; title?: unknown }
  if ('data' in answer || Array.isArray(answer.errors)) {
    heardFromGateway()
    return answer
  }
  throw answerWithoutGraphQL(response, answer.detail ?? answer.title)
}

/** A proxy's error page or an RFC 9457 problem. */
function answerWithoutGraphQL(response: Response, detail: unknown): ApiError {
  const message = typeof detail === 'string' ? detail : `The gateway answered ${response.status}.`
  if (response.status === 401) {
    requireSignIn(currentToken())
    return new ApiError('UNAUTHENTICATED', message)
  }
  if (response.status === 403) return new ApiError('FORBIDDEN', message)
  if ([502, 503, 504].includes(response.status)) return new ApiError('NETWORK', message)
  return new ApiError('INTERNAL', message)
}
