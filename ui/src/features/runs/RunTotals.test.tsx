import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import { pretendGateway, refusal } from '../../../test/gateway'
import { renderPage } from '../../../test/page'
import { RunTotals } from './RunTotals'

afterEach(() => vi.unstubAllGlobals())

const counts = { running: 1, queued: 2, failed: 3, succeeded: 4 }
const answer = Object.fromEntries(Object.entries(counts).map(([name, totalCount]) => [name, { totalCount }]))

test('totals that cannot be read say so, and can be asked for again', async () => {
  let isDown = true
  const asked = pretendGateway({
    RunCounts: () => (isDown ? refusal('BAD_USER_INPUT', 'The store is busy.') : answer),
  })
  await renderPage(<RunTotals search={{ orchestrator: ['north'], state: ['SUCCESS'] }} />)
  expect(await screen.findByRole('alert')).toHaveTextContent('could not be read: The store is busy.')
  isDown = false
  await userEvent.click(screen.getByRole('button', { name: 'Retry' }))
  expect(await screen.findByRole('link', { name: /3.*Failed/ })).toBeInTheDocument()
  expect(screen.queryByRole('alert')).toBeNull()
  expect(asked.at(-1)?.variables).toMatchObject({
    running: { states: ['RUNNING'], orchestrators: ['north'] },
    failed: { states: ['FAILED'], orchestrators: ['north'] },
  })
  expect(asked.at(-1)?.variables).toHaveProperty('failed.startedAfter')
})
