import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { aRun } from '../../../test/builders'
import { renderPage } from '../../../test/page'
import { RunFacts } from './RunFacts'
import type { RunDetail } from './runQueries'

function aRunDetail(given: Partial<RunDetail>): RunDetail {
  const none = { parameters: {}, history: [], parent: null, firing: null, taskRuns: [] }
  return { __typename: 'Run', ...aRun(), ...none, ...given }
}

function fact(name: string): HTMLElement | null {
  return screen.getByText(name).nextElementSibling as HTMLElement | null
}

test('a run that a dependency has fired leads to the dependency, and says for which key', async () => {
  const firing = { id: 'firing-1', key: '2026-05-01', dependency: { id: 'd-1', name: 'report-after-sales' } }
  await renderPage(<RunFacts run={aRunDetail({ trigger: 'DEPENDENCY', firing, partition: 'eu' })} />)
  expect(fact('Started by')).toHaveTextContent('report-after-sales for 2026-05-01')
  expect(screen.getByRole('link', { name: 'report-after-sales' })).toHaveAttribute(
    'href',
    '/dependencies/report-after-sales',
  )
  expect(fact('Partition')).toHaveTextContent('eu')
})

test('any other run says what its orchestrator says', async () => {
  await renderPage(<RunFacts run={aRunDetail({ trigger: 'MANUAL', logicalAt: '2026-05-01T00:00:00Z' })} />)
  expect(fact('Started by')).toHaveTextContent('Manual')
  expect(fact('Logical date')).toHaveTextContent('2026-05-01')
})
