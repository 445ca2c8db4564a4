import { screen, within } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { anOrchestrator } from '../../../test/builders'
import { pretendGateway } from '../../../test/gateway'
import { renderPage } from '../../../test/page'
import { OrchestratorCard, OrchestratorCards } from './OrchestratorCards'
import { byAttention } from './orchestratorStatus'

afterEach(() => vi.unstubAllGlobals())

test('an unreachable orchestrator says so, and of when is what is seen of it', async () => {
  const orchestrator = anOrchestrator({ status: 'UNREACHABLE', statusMessage: 'Connection refused' })
  await renderPage(<OrchestratorCard orchestrator={orchestrator} />)
  const card = screen.getByRole('article', { name: 'airflow-prod' })
  expect(card).toHaveTextContent('Unreachable')
  expect(card).toHaveTextContent('Podium keeps trying.')
  expect(card).toHaveTextContent('what you see is from')
  expect(card).not.toHaveTextContent('synced')
  expect(screen.getByTitle('Connection refused')).toBeInTheDocument()
  expect(card).toHaveTextContent('12 pipelines')
  expect(screen.getByRole('link', { name: /Open airflow-prod/ })).toHaveAttribute(
    'href',
    'https://airflow.example.com',
  )
})

test('a link that is none is not offered', async () => {
  await renderPage(<OrchestratorCard orchestrator={anOrchestrator({ url: 'javascript:alert(1)' })} />)
  expect(screen.queryByRole('link', { name: /Open/ })).toBeNull()
})

test('without an orchestrator the page teaches how to connect one', async () => {
  pretendGateway({ Orchestrators: () => ({ orchestrators: [] }) })
  await renderPage(<OrchestratorCards />)
  expect(await screen.findByText('Connect your first orchestrator')).toBeInTheDocument()
  expect(screen.getByText('podium apply -f podium.yaml')).toBeInTheDocument()
})

test('trouble comes first', () => {
  const healthy = anOrchestrator({ name: 'a' })
  const down = anOrchestrator({ name: 'b', status: 'UNREACHABLE' })
  expect(byAttention([healthy, down]).map(({ name }) => name)).toEqual(['b', 'a'])
})

test('of many, those in trouble have a card, and the others one line together', async () => {
  const many = Array.from({ length: 12 }, (_, number) =>
    anOrchestrator({
      id: `${number}`,
      name: `airflow-${number}`,
      status: number < 2 ? 'UNREACHABLE' : 'HEALTHY',
    }),
  )
  pretendGateway({ Orchestrators: () => ({ orchestrators: many }) })
  await renderPage(<OrchestratorCards />)
  const chips = await screen.findByRole('list', { name: 'Healthy orchestrators' })
  expect(within(chips).getAllByRole('link')).toHaveLength(10)
  expect(screen.getAllByRole('article').map((card) => card.getAttribute('aria-label'))).toEqual([
    'airflow-0',
    'airflow-1',
  ])
})
