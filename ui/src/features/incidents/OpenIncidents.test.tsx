import { zone } from '@/features/preferences/preferences'
import { screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { anIncidentLine, anOrchestrator } from '../../../test/builders'
import { pretendGateway } from '../../../test/gateway'
import { renderPage } from '../../../test/page'
import { IncidentsPage } from './IncidentsPage'
import { OpenIncidents } from './OpenIncidents'

afterEach(() => {
  vi.unstubAllGlobals()
  zone.set('local')
})

const counts = { critical: { totalCount: 1 }, error: { totalCount: 6 }, warning: { totalCount: 0 } }

test('the overview names the most urgent ones and how many more there are', async () => {
  const named = Array.from({ length: 6 }, (_, place) =>
    anIncidentLine({ id: `${place}`, title: `trouble ${place}` }),
  )
  const worst = anIncidentLine({ title: 'the worst', severity: 'CRITICAL' })
  pretendGateway({
    OpenIncidents: () => ({
      ...counts,
      incidents: { totalCount: 7, edges: [...named, worst].map((node) => ({ node })) },
    }),
  })
  await renderPage(<OpenIncidents />)
  const panel = await screen.findByRole('region', { name: 'Open incidents' })
  expect(panel).toHaveTextContent('worst Critical')
  expect(screen.getAllByRole('listitem')).toHaveLength(5)
  expect(screen.getAllByRole('listitem')[0]).toHaveTextContent('the worst')
  expect(screen.getByRole('link', { name: 'the worst' })).toHaveAttribute('href', '/incidents/12')
  expect(screen.getByRole('link', { name: 'and 2 more' })).toBeInTheDocument()
})

test('a time in a title is told by the clock that the person chose', async () => {
  const late = anIncidentLine({ title: 'by-nine is missed (north/report, due 2026-05-01 09:00 UTC)' })
  pretendGateway({
    OpenIncidents: () => ({ ...counts, incidents: { totalCount: 1, edges: [{ node: late }] } }),
  })
  zone.set('utc')
  await renderPage(<OpenIncidents />)
  const link = await screen.findByRole('link', { name: /^by-nine is missed/ })
  expect(link.textContent).toMatch(/due 1 May( 2026)?, 09:00\)$/)
})

test('where all is well the page says so, and how to be told', async () => {
  const nothing = { totalCount: 0, edges: [], pageInfo: { hasNextPage: false, endCursor: null } }
  pretendGateway({
    OpenIncidents: () => ({ incidents: nothing, critical: nothing, error: nothing, warning: nothing }),
    Incidents: () => ({ incidents: nothing }),
    ActiveSilences: () => ({ silences: [] }),
    Orchestrators: () => ({ orchestrators: [anOrchestrator()] }),
  })
  await renderPage(<IncidentsPage search={{}} onChange={vi.fn()} />)
  expect(await screen.findByText('All is well')).toBeInTheDocument()
  expect(screen.getByText('podium alerts test data-chat')).toBeInTheDocument()
})

test('where nothing is followed yet, the first step is shown instead of good news', async () => {
  const nothing = { totalCount: 0, edges: [], pageInfo: { hasNextPage: false, endCursor: null } }
  pretendGateway({
    OpenIncidents: () => ({ incidents: nothing, critical: nothing, error: nothing, warning: nothing }),
    Incidents: () => ({ incidents: nothing }),
    ActiveSilences: () => ({ silences: [] }),
    Orchestrators: () => ({ orchestrators: [] }),
  })
  await renderPage(<IncidentsPage search={{}} onChange={vi.fn()} />)
  expect(await screen.findByRole('link', { name: 'Connect an orchestrator' })).toBeInTheDocument()
  expect(screen.queryByText('All is well')).toBeNull()
})

test('what goes on is ordered by urgency, and not by when it began', async () => {
  const calm = anIncidentLine({
    id: '1',
    title: 'the newest',
    severity: 'WARNING',
    openedAt: '2026-05-01T09:00:00Z',
  })
  const worst = anIncidentLine({ id: '2', title: 'the worst', severity: 'CRITICAL' })
  const none = { totalCount: 0, edges: [], pageInfo: { hasNextPage: false, endCursor: null } }
  const incidents = {
    ...none,
    totalCount: 2,
    edges: [calm, worst].map((node) => ({ cursor: node.id, node })),
  }
  pretendGateway({
    OpenIncidents: () => ({ ...counts, incidents }),
    Incidents: ({ states }) => ({ incidents: String(states).includes('OPEN') ? incidents : none }),
    ActiveSilences: () => ({ silences: [] }),
    Orchestrators: () => ({ orchestrators: [anOrchestrator()] }),
  })
  await renderPage(<IncidentsPage search={{}} onChange={vi.fn()} />)
  const links = await screen.findAllByRole('link', { name: /the (newest|worst)/ })
  expect(links.map(({ textContent }) => textContent)).toEqual(['the worst', 'the newest'])
})

test('a filter without a match is not called well', async () => {
  const nothing = { totalCount: 0, edges: [], pageInfo: { hasNextPage: false, endCursor: null } }
  const asked = pretendGateway({
    OpenIncidents: () => ({ incidents: nothing, critical: nothing, error: nothing, warning: nothing }),
    Incidents: () => ({ incidents: nothing }),
    ActiveSilences: () => ({ silences: [] }),
    Orchestrators: () => ({ orchestrators: [] }),
  })
  await renderPage(<IncidentsPage search={{ state: ['OPEN'], orchestrator: 'north' }} onChange={vi.fn()} />)
  expect(await screen.findByText(/No incident matches these filters/)).toBeInTheDocument()
  expect(screen.queryByText('All is well')).toBeNull()
  expect(
    asked.filter(({ operation }) => operation === 'Incidents').map(({ variables }) => variables),
  ).toEqual([{ first: 25, after: null, states: ['OPEN'], severities: null, orchestrators: ['north'] }])
})
