import { vi } from 'vitest'

type Variables = Record<string, unknown>
export interface Asked {
  operation: string
  variables: Variables
  authorization: string | null
}
/** The answer to an operation: its data, or a whole response where the transport is what is tested. */
export type Answers = Record<string, (variables: Variables) => unknown>

/** Stands where the network begins; what a gateway would answer is given by operation name. */
export function pretendGateway(answers: Answers): Asked[] {
  const asked: Asked[] = []
  vi.stubGlobal(
    'fetch',
    (_url: URL, { body, headers }: { body: string; headers: Record<string, string> }) => {
      const { query, variables } = JSON.parse(body) as { query: string; variables: Variables }
      const operation = /(?:query|mutation) (\w+)/.exec(query)?.[1] ?? ''
      asked.push({ operation, variables, authorization: headers['authorization'] ?? null })
      const answer = answers[operation]
      if (!answer) return Promise.reject(new TypeError(`Nothing answers ${operation}`))
      const said = answer(variables)
      return Promise.resolve(said instanceof Response ? said : Response.json({ data: said }))
    },
  )
  return asked
}

export function refusal(code: string, message: string, status = 200): Response {
  return Response.json({ data: null, errors: [{ message, extensions: { code } }] }, { status })
}
