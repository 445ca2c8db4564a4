import { afterEach, expect, test, vi } from 'vitest'
import { pretendGateway, refusal } from '../../test/gateway'
import { execute } from './client'
import { ApiError } from './errors'
import { OrchestratorsDocument } from './generated'
import { session, signIn, signOut } from './session'

afterEach(() => {
  signOut()
  vi.unstubAllGlobals()
})

async function failure(): Promise<ApiError> {
  try {
    await execute(OrchestratorsDocument, {})
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
  throw new Error('It was answered.')
}

test('a token goes along, and none where there is none', async () => {
  const asked = pretendGateway({ Orchestrators: () => ({ orchestrators: [] }) })
  await execute(OrchestratorsDocument, {})
  signIn('podium_abc')
  await execute(OrchestratorsDocument, {})
  expect(asked.map(({ authorization }) => authorization)).toEqual([null, 'Bearer podium_abc'])
})

test('a gateway that does not answer is told from one that refuses', async () => {
  pretendGateway({})
  expect(await failure()).toMatchObject({ code: 'NETWORK' })
  expect((await failure()).remedy).toContain('podium serve')
})

test.each([200, 401])('UNAUTHENTICATED with status %i asks for a token', async (status) => {
  pretendGateway({ Orchestrators: () => refusal('UNAUTHENTICATED', 'A token is needed.', status) })
  expect(await failure()).toMatchObject({ code: 'UNAUTHENTICATED', message: 'A token is needed.' })
  expect(session.get()).toMatchObject({ signInRequired: true, isAsking: true })
})

test('a late refusal of an older token does not ask again', async () => {
  signIn('old')
  pretendGateway({
    Orchestrators: () => {
      signIn('new')
      return refusal('UNAUTHENTICATED', 'The token does not hold any more.')
    },
  })
  await failure()
  expect(session.get()).toEqual({ token: 'new', signInRequired: false, isAsking: false })
})

test('the gateway’s own remedy comes first, an unknown code counts as internal', async () => {
  const errors = [
    { message: 'Odd.', extensions: { code: 'NEWER_THAN_THIS_PAGE', remedy: 'Turn it off and on.' } },
  ]
  pretendGateway({ Orchestrators: () => Response.json({ errors }) })
  expect(await failure()).toMatchObject({ code: 'INTERNAL', remedy: 'Turn it off and on.' })
})

test('a proxy’s error page is a network error, a problem document keeps its words', async () => {
  pretendGateway({ Orchestrators: () => new Response('<html>Bad gateway</html>', { status: 502 }) })
  expect(await failure()).toMatchObject({ code: 'NETWORK', message: 'The gateway answered 502.' })
  pretendGateway({ Orchestrators: () => Response.json({ detail: 'The database is away.' }, { status: 500 }) })
  expect(await failure()).toMatchObject({ code: 'INTERNAL', message: 'The database is away.' })
})
