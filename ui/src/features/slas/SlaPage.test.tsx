import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import { aSla, aStanding } from '../../../test/builders'
import { pretendGateway } from '../../../test/gateway'
import { renderPage } from '../../../test/page'
import { SlaPage } from './SlaPage'
import type { Judged, SlaDetail, Standing } from './slaQueries'

afterEach(() => vi.unstubAllGlobals())

type Step = Standing['criticalPath'][number]

function aStep(name: string, kind: string, given: Partial<Step> = {}): Step {
  const orchestrator = { id: kind, name: `${kind}-prod`, kind }
  const times = { expectedStart: '2026-05-01T07:00:00Z', expectedEnd: '2026-05-01T09:30:00Z' }
  return {
    ...times,
    state: null,
    run: null,
    pipeline: { id: name, key: name, name, orchestrator, latestRun: null },
    ...given,
  }
}

function aDetail(given: Partial<SlaDetail> = {}): SlaDetail {
  const path = [
    aStep('ingest', 'airflow', { state: 'RUNNING', run: { id: 'run-1', externalId: 'r1' } }),
    aStep('marts', 'dagster'),
  ]
  const late = aStanding({ state: 'AT_RISK', reason: 'forecast_late', criticalPath: path })
  return {
    ...aSla(),
    description: null,
    severity: null,
    origin: 'CONFIG',
    actions: [
      {
        on: 'MISSED',
        trigger: 'airflow-prod/fast',
        parameters: {},
        retry: false,
        notify: null,
        severity: null,
      },
    ],
    current: { ...late, run: null, steps: [] },
    week: 1,
    weekBudget: 1,
    quarter: 0.9,
    quarterBudget: -9,
    ...given,
  }
}

const judged: Judged = {
  id: 'old',
  key: '2026-04-30',
  state: 'MISSED',
  reason: 'done_late',
  dueAt: '2026-04-30T09:00:00Z',
  completedAt: '2026-04-30T09:42:00Z',
  lateBy: 'PT42M',
  measured: null,
  run: { id: 'run-0', externalId: 'r0' },
  actions: [],
}

const today = new Date().toISOString().slice(0, 10)

function pretend(sla: SlaDetail | null) {
  const page = (after: unknown) => ({
    totalCount: 2,
    pageInfo: { hasNextPage: after === null, endCursor: after === null ? 'more' : null },
    edges: [{ node: after === null ? judged : { ...judged, id: 'older', key: '2026-04-29' } }],
  })
  pretendGateway({
    Sla: () => ({ sla }),
    SlaEvaluations: ({ after }) => ({ sla: sla && { id: sla.id, evaluations: page(after) } }),
    SlaCalendar: () => ({
      sla: sla && {
        id: sla.id,
        evaluations: { edges: [{ node: { ...judged, key: today, opensAt: `${today}T00:00:00Z` } }] },
      },
    }),
    SlaIncidents: () => ({
      incidents: {
        edges: [
          {
            node: {
              // btoa('Incident:12')
              id: 'SW5jaWRlbnQ6MTI',
              title: 'sales-by-nine is at risk',
              severity: 'ERROR',
              signals: [{ id: 's', endedAt: null, sla: { id: 'sla-1' } }],
            },
          },
        ],
      },
    }),
  })
}

test('a promise says what it is, why it stands so, and what it waits for over all systems', async () => {
  pretend(aDetail())
  await renderPage(<SlaPage name="sales-by-nine" />)
  expect(await screen.findByText('A success by 09:00 (UTC), every day.')).toBeInTheDocument()
  expect(screen.getByText(/There is time left, but the forecast is late/)).toBeInTheDocument()
  const path = screen.getByRole('list', { name: 'Critical path' })
  const [first, last] = within(path).getAllByRole('listitem')
  expect(first).toHaveTextContent('ingest')
  expect(within(first as HTMLElement).getByRole('link', { name: 'Running: run r1' })).toHaveAttribute(
    'href',
    '/runs/run-1',
  )
  expect(last).toHaveTextContent(/marts.*Not started/)
  expect(screen.getByText('error budget used up')).toBeInTheDocument()
  expect(screen.getByText('Missed: trigger airflow-prod/fast')).toBeInTheDocument()
  expect(await screen.findByRole('link', { name: 'sales-by-nine is at risk' })).toHaveAttribute(
    'href',
    '/incidents/12',
  )
})

test('its history goes on page by page', async () => {
  pretend(aDetail())
  await renderPage(<SlaPage name="sales-by-nine" />)
  const table = await screen.findByRole('table', { name: 'History' })
  expect(table).toHaveTextContent('42m 00s')
  expect(within(table).getByRole('link', { name: 'run r0' })).toBeInTheDocument()
  await userEvent.click(screen.getByRole('button', { name: 'Show older ones' }))
  expect(await within(table).findByText('2026-04-29')).toBeInTheDocument()
})

test('a day of the calendar leads to what was judged and to its run', async () => {
  pretend(aDetail())
  await renderPage(<SlaPage name="sales-by-nine" />)
  await userEvent.click(await screen.findByRole('gridcell', { name: /: missed, 42m 00s late/ }))
  const day = await screen.findByRole('dialog')
  expect(day).toHaveTextContent(/Missed.*42m 00s late.*Done, but late.*Due.*Done/)
  expect(within(day).getByRole('link', { name: 'r0' })).toHaveAttribute('href', '/runs/run-0')
})

test('what has not been judged says what it waits for, and what is not there that it is not', async () => {
  pretend(aDetail({ current: null, pipeline: null, targetName: 'north/gone' }))
  const { unmount } = await renderPage(<SlaPage name="sales-by-nine" />)
  expect(await screen.findByText(/No orchestrator lists north\/gone yet/)).toBeInTheDocument()
  unmount()
  pretend(null)
  await renderPage(<SlaPage name="nothing" />)
  expect(await screen.findByText('There is no such SLA.')).toBeInTheDocument()
})
