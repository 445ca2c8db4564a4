import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import { anIncident, aSignal } from '../../../test/builders'
import { pretendGateway, refusal } from '../../../test/gateway'
import { renderPage } from '../../../test/page'
import { IncidentActions } from './IncidentActions'

afterEach(() => vi.unstubAllGlobals())

const as = (role: string) => () => ({
  me: { name: 'ada', role },
  serverInfo: { version: '1', isAuthenticationOn: true },
})

test('acknowledging says what will happen, stays open when it fails, and takes a comment along', async () => {
  let calls = 0
  const asked = pretendGateway({
    Me: as('OPERATOR'),
    AcknowledgeIncident: () => {
      calls += 1
      if (calls === 1) return refusal('CONFLICT', 'This incident is resolved already.')
      return { acknowledgeIncident: anIncident({ state: 'ACKNOWLEDGED' }) }
    },
  })
  const user = userEvent.setup()
  const onAcknowledged = vi.fn()
  await renderPage(
    <IncidentActions incident={anIncident()} isAcknowledging onAcknowledged={onAcknowledged} />,
  )

  const dialog = await screen.findByRole('dialog', { name: 'Acknowledge this incident?' })
  expect(dialog).toHaveTextContent('Reminders and escalations stop')
  await user.type(within(dialog).getByLabelText(/Comment/), ' I see. ')
  await user.click(within(dialog).getByRole('button', { name: 'Acknowledge' }))
  expect(await screen.findByText('This incident is resolved already.')).toBeInTheDocument()
  expect(onAcknowledged).not.toHaveBeenCalled()

  await user.click(within(dialog).getByRole('button', { name: 'Acknowledge' }))
  await waitFor(() => expect(onAcknowledged).toHaveBeenCalled())
  const last = asked.findLast(({ operation }) => operation === 'AcknowledgeIncident')
  expect(last?.variables).toEqual({ id: 'SW5jaWRlbnQ6MTI', comment: 'I see.' })
})

test('a viewer sees every action, disabled, with the reason, and no dialog', async () => {
  pretendGateway({ Me: as('VIEWER') })
  await renderPage(<IncidentActions incident={anIncident()} isAcknowledging onAcknowledged={vi.fn()} />)
  await screen.findByText(/ask for an operator’s/)
  for (const name of ['Acknowledge…', 'Silence…', 'Resolve…']) {
    const button = screen.getByRole('button', { name })
    expect(button).toBeDisabled()
    expect(button).toHaveAccessibleDescription(/A viewer’s token may only look/)
  }
  expect(screen.queryByRole('dialog')).toBeNull()
})

test('what is over cannot be acknowledged', async () => {
  pretendGateway({ Me: as('ADMIN') })
  const over = anIncident({ state: 'RESOLVED', resolvedAt: '2026-05-01T08:00:00Z' })
  await renderPage(<IncidentActions incident={over} isAcknowledging onAcknowledged={vi.fn()} />)
  expect(await screen.findByText(/It is over already/)).toBeInTheDocument()
  expect(screen.queryByRole('button', { name: 'Acknowledge…' })).toBeNull()
})

test('resolving tells what is left alone', async () => {
  pretendGateway({ Me: as('OPERATOR') })
  const user = userEvent.setup()
  const incident = anIncident({
    signals: [aSignal(), aSignal({ id: 'signal-2', endedAt: '2026-05-01T08:00:00Z' })],
  })
  await renderPage(<IncidentActions incident={incident} isAcknowledging={false} onAcknowledged={vi.fn()} />)
  await user.click(screen.getByRole('button', { name: 'Resolve…' }))
  const dialog = await screen.findByRole('dialog', { name: 'Resolve this incident?' })
  expect(dialog).toHaveTextContent('One thing is still wrong and will be left alone')
})

test('a silence covers what its labels say, for as long as is chosen, and says why', async () => {
  const asked = pretendGateway({
    Me: as('OPERATOR'),
    CreateSilence: () => ({ createSilence: { id: 'silence-1' } }),
  })
  const user = userEvent.setup()
  const other = aSignal({
    id: 'signal-2',
    labels: { signal: 'sla_missed', orchestrator: 'airflow-prod', sla: 'x' },
  })
  const incident = anIncident({ signals: [aSignal(), other] })
  await renderPage(<IncidentActions incident={incident} isAcknowledging={false} onAcknowledged={vi.fn()} />)
  await user.click(screen.getByRole('button', { name: 'Silence…' }))
  const dialog = await screen.findByRole('dialog')
  expect(dialog).toHaveTextContent('This covers 1 of its 2 signals')
  expect(within(dialog).getByRole('button', { name: 'Silence for 1 hour' })).toBeDisabled()

  await user.click(within(dialog).getByRole('checkbox', { name: 'pipeline="ingest_sales"' }))
  expect(dialog).toHaveTextContent('This covers all its 2 signals')
  await user.click(within(dialog).getByRole('radio', { name: '4 hours' }))
  await user.type(within(dialog).getByLabelText(/Comment/), 'Migration')
  const before = Date.now()
  await user.click(within(dialog).getByRole('button', { name: 'Silence for 4 hours' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  const sent = asked.findLast(({ operation }) => operation === 'CreateSilence')?.variables['input'] as {
    endsAt: string
  }
  expect(sent).toMatchObject({
    matchers: [{ label: 'orchestrator', value: 'airflow-prod', operator: 'EQ' }],
    comment: 'Migration',
  })
  expect((Date.parse(sent.endsAt) - before) / 3_600_000).toBeCloseTo(4, 1)
})
