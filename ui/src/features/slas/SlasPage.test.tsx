import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import type { SlasInDangerQuery } from '@/api/generated'
import { aSla, aStanding } from '../../../test/builders'
import { pretendGateway, refusal } from '../../../test/gateway'
import { renderPage } from '../../../test/page'
import { SlasInDanger } from './SlasInDanger'
import { SlasPage } from './SlasPage'

afterEach(() => vi.unstubAllGlobals())

const noEnd = { hasNextPage: false, endCursor: null }
const none: SlasInDangerQuery['slaSummary'] = {
  total: 0,
  pending: 0,
  onTrack: 0,
  atRisk: 0,
  missed: 0,
  met: 0,
  adherence: null,
}

const sales = { name: 'sales', slas: 2, met: 9, missed: 1, adherence: 0.9, errorBudgetLeft: 0.25 }
const nothing = { ...sales, met: 0, missed: 0, adherence: null, errorBudgetLeft: null }

function pretend(slas: ReturnType<typeof aSla>[], summary: Partial<typeof none> = {}) {
  return pretendGateway({
    Slas: () => ({ slas: { pageInfo: noEnd, edges: slas.map((node) => ({ node })) } }),
    SlasInDanger: () => ({
      slaSummary: { ...none, total: slas.length, ...summary },
      slas: { edges: slas.map((node) => ({ node })) },
    }),
    IncidentsByPipeline: () => ({
      incidents: {
        edges: [
          {
            node: {
              // btoa('Incident:12')
              id: 'SW5jaWRlbnQ6MTI',
              title: 'ingest failed',
              signals: [{ pipeline: { id: 'pipeline-1' }, endedAt: null }],
            },
          },
        ],
      },
    }),
    SlaAdherences: () => ({
      slaAdherence: [sales],
    }),
    SlaMonths: () => ({
      slaAdherenceByMonth: [
        { month: '2026-04', groups: [nothing] },
        { month: '2026-05', groups: [sales] },
        { month: '2026-06', groups: [{ ...sales, missed: 5, met: 5, adherence: 0.5, errorBudgetLeft: -4 }] },
      ],
    }),
  })
}

test('promises come by danger, each with its forecast in words', async () => {
  const late = aStanding({ state: 'AT_RISK', breachProbability: 0.9, predictedAt: '2026-05-01T10:00:00Z' })
  pretend([aSla(), aSla({ id: 'sla-2', name: 'late-one', current: late })], { atRisk: 1, onTrack: 1 })
  await renderPage(<SlasPage search={{}} onChange={vi.fn()} />)
  const table = await screen.findByRole('table', { name: 'SLAs' })
  const [, first, second] = within(table).getAllByRole('row')
  expect(first).toHaveTextContent('late-one')
  expect(first).toHaveTextContent('90% risk')
  expect(second).toHaveTextContent('sales-by-nine')
  expect(within(first as HTMLElement).getByRole('img')).toHaveAccessibleName(
    /Expected at .*90% likely between .*90% risk of missing the deadline/,
  )
  expect(await screen.findByRole('table', { name: 'Adherence by owner' })).toHaveTextContent('90%')
})

const orchestrator = (kind: string) => ({ id: kind, name: `${kind}-prod`, kind })
const times = { expectedStart: '2026-05-01T07:00:00Z', expectedEnd: '2026-05-01T08:00:00Z' }
const waiting = aStanding({
  state: 'MISSED',
  breachProbability: 0.97,
  criticalPath: [
    {
      ...times,
      state: null,
      run: null,
      pipeline: {
        id: 'pipeline-1',
        key: 'ingest',
        name: 'ingest',
        orchestrator: orchestrator('airflow'),
        latestRun: { id: 'run-9', state: 'FAILED' },
      },
    },
    {
      ...times,
      state: null,
      run: null,
      pipeline: {
        id: 'marts',
        key: 'marts',
        name: 'marts',
        orchestrator: orchestrator('dagster'),
        latestRun: null,
      },
    },
  ],
})

test('a row opens its whole critical path, and leads to the run that has just failed', async () => {
  pretend([aSla({ current: waiting })], { missed: 1 })
  await renderPage(<SlasPage search={{}} onChange={vi.fn()} />)
  const table = await screen.findByRole('table', { name: 'SLAs' })
  expect(within(table).getByRole('link', { name: 'last run failed' })).toHaveAttribute('href', '/runs/run-9')
  expect(table).toHaveTextContent('last run failed, 1 more step after it')
  expect(await within(table).findByRole('link', { name: 'Incident' })).toHaveAttribute(
    'href',
    '/incidents/12',
  )
  expect(screen.queryByRole('list', { name: 'Critical path' })).toBeNull()
  await userEvent.click(within(table).getByRole('button', { name: 'Critical path of sales-by-nine' }))
  const steps = within(screen.getByRole('list', { name: 'Critical path' })).getAllByRole('listitem')
  expect(steps.map((step) => step.textContent)).toEqual([
    expect.stringContaining('airflow-prod'),
    expect.stringContaining('dagster-prod'),
  ])
})

test('what is missed already has no risk of being missed', async () => {
  pretend([aSla({ current: waiting })], { missed: 1 })
  await renderPage(<SlasPage search={{}} onChange={vi.fn()} />)
  expect(await screen.findByRole('table', { name: 'SLAs' })).toHaveTextContent('expected')
  expect(screen.queryByTitle('Probability of missing the deadline')).toBeNull()
})

test('what was kept is told month by month, with what is left of the error budget', async () => {
  pretend([aSla()])
  await renderPage(<SlasPage search={{ days: 'months' }} onChange={vi.fn()} />)
  const table = await screen.findByRole('table', { name: 'Adherence by owner and month' })
  const [head, row] = within(table).getAllByRole('row')
  expect(head).toHaveTextContent('OwnerJun 2026May 2026Apr 2026')
  const cells = within(row as HTMLElement).getAllByRole('cell')
  expect(cells.map((cell) => cell.textContent)).toEqual([
    '50%error budget used up',
    '90%25% budget left',
    '–',
  ])
})

test('months are asked for in the address', async () => {
  pretend([aSla()])
  const onChange = vi.fn()
  await renderPage(<SlasPage search={{ by: 'orchestrator' }} onChange={onChange} />)
  await userEvent.click(await screen.findByRole('radio', { name: 'Month by month' }))
  expect(onChange).toHaveBeenCalledWith({ by: 'orchestrator', days: 'months' })
})

test('a number is a filter', async () => {
  pretend([aSla()], { onTrack: 1 })
  const onChange = vi.fn()
  await renderPage(<SlasPage search={{ q: 'sales' }} onChange={onChange} />)
  await userEvent.click(await screen.findByRole('button', { name: /1\s*On track/ }))
  expect(onChange).toHaveBeenCalledWith({ q: 'sales', state: ['ON_TRACK'] })
})

test('a page without promises teaches the first one', async () => {
  pretend([])
  await renderPage(<SlasPage search={{}} onChange={vi.fn()} />)
  expect(await screen.findByText('Nothing is promised yet')).toBeInTheDocument()
  expect(screen.getByRole('region', { name: 'An example' })).toHaveTextContent('deadline: "09:00"')
})

test('the overview names five at most, and says how many more there are', async () => {
  const slas = Array.from({ length: 7 }, (_, place) =>
    aSla({ id: `${place}`, name: `promise-${place}`, current: aStanding({ state: 'MISSED' }) }),
  )
  pretend(slas, { missed: 7 })
  await renderPage(<SlasInDanger />)
  expect(await screen.findAllByRole('listitem')).toHaveLength(5)
  expect(screen.getByRole('link', { name: 'and 2 more' })).toHaveAttribute(
    'href',
    '/slas?state=%5B%22MISSED%22%2C%22AT_RISK%22%5D',
  )
})

test('where nothing is in danger the overview says so in one line', async () => {
  pretend([aSla(), aSla({ id: 'sla-2' })], { onTrack: 2, adherence: 0.995 })
  await renderPage(<SlasInDanger />)
  expect(
    await screen.findByText(/All 2 promises are on track\. 99\.5% kept over 30 days\./),
  ).toBeInTheDocument()
})

test('the overview says how probable a miss is, and when it is due', async () => {
  const soon = aStanding({ state: 'AT_RISK', breachProbability: 0.45 })
  pretend([aSla({ current: soon })], { atRisk: 1 })
  await renderPage(<SlasInDanger />)
  expect(await screen.findByRole('listitem')).toHaveTextContent(/45% risk · due/)
})

test('the overview says so when it cannot tell, and asks again', async () => {
  let calls = 0
  pretendGateway({
    SlasInDanger: () => {
      calls += 1
      return calls === 1
        ? refusal('INTERNAL', 'The gateway has failed.')
        : { slaSummary: { ...none, total: 1, onTrack: 1 }, slas: { edges: [] } }
    },
  })
  await renderPage(<SlasInDanger />)
  expect(await screen.findByRole('alert')).toHaveTextContent('The gateway has failed.')
  await userEvent.click(screen.getByRole('button', { name: 'Retry' }))
  expect(await screen.findByText(/All that is promised is on track/)).toBeInTheDocument()
})
