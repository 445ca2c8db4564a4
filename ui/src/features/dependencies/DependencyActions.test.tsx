import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import { aDependency, aFiring } from '../../../test/builders'
import { pretendGateway, refusal } from '../../../test/gateway'
import { renderPage } from '../../../test/page'
import { DependencyActions } from './DependencyActions'
import { FiringActions } from './FiringActions'

afterEach(() => vi.unstubAllGlobals())

const as = (role: string) => () => ({
  me: { name: 'ada', role },
  serverInfo: { version: '1', isAuthenticationOn: true },
})

test('pausing says what will happen, and stays open when it fails', async () => {
  let calls = 0
  const asked = pretendGateway({
    Me: as('OPERATOR'),
    SetDependencyPaused: () => {
      calls += 1
      if (calls === 1) return refusal('NOT_FOUND', 'There is no such dependency.')
      return { setDependencyPaused: { id: 'dependency-1', isPaused: true } }
    },
  })
  const user = userEvent.setup()
  await renderPage(<DependencyActions dependency={aDependency()} />)
  await user.click(screen.getByRole('button', { name: 'Pause…' }))
  const dialog = await screen.findByRole('alertdialog', { name: 'Pause marts-after-ingest?' })
  expect(dialog).toHaveTextContent('Firings that wait go on waiting')
  await user.click(within(dialog).getByRole('button', { name: 'Pause' }))
  expect(await screen.findByText('There is no such dependency.')).toBeInTheDocument()
  await user.click(within(dialog).getByRole('button', { name: 'Pause' }))
  await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull())
  const last = asked.findLast(({ operation }) => operation === 'SetDependencyPaused')
  expect(last?.variables).toEqual({ id: 'dependency-1', paused: true })
})

test('a viewer sees every action, disabled, with the reason', async () => {
  pretendGateway({ Me: as('VIEWER') })
  await renderPage(<DependencyActions dependency={aDependency(undefined, { origin: 'API' })} />)
  await screen.findByText(/ask for an operator’s/)
  for (const name of ['Fire a key…', 'Backfill…', 'Pause…']) {
    expect(screen.getByRole('button', { name })).toBeDisabled()
  }
})

test('an operator may act, but not delete; what a file defines is not deleted here at all', async () => {
  pretendGateway({ Me: as('OPERATOR') })
  await renderPage(<DependencyActions dependency={aDependency(undefined, { origin: 'API' })} />)
  await waitFor(() => expect(screen.getByRole('button', { name: 'Fire a key…' })).toBeEnabled())
  await userEvent.click(screen.getByRole('button', { name: 'More actions for marts-after-ingest' }))
  const remove = await screen.findByRole('menuitem', { name: /Delete…/ })
  expect(remove).toHaveAttribute('aria-disabled', 'true')
  expect(remove).toHaveTextContent(/Only an admin’s token/)
})

test('what is keyed by runs has no stretch of time to backfill', async () => {
  pretendGateway({ Me: as('ADMIN') })
  await renderPage(<DependencyActions dependency={aDependency(undefined, { keyedBy: 'RUN' })} />)
  expect(screen.queryByRole('button', { name: 'Backfill…' })).toBeNull()
  expect(screen.queryByRole('button', { name: /More actions/ })).toBeNull()
})

test('backfilling sends both keys, and how many at once', async () => {
  const asked = pretendGateway({ Me: as('OPERATOR'), BackfillDependency: () => ({ backfillDependency: [] }) })
  const user = userEvent.setup()
  await renderPage(<DependencyActions dependency={aDependency()} />)
  await user.click(screen.getByRole('button', { name: 'Backfill…' }))
  const dialog = await screen.findByRole('dialog')
  expect(within(dialog).getByRole('button', { name: 'Backfill' })).toBeDisabled()
  await user.type(within(dialog).getByLabelText('From'), '2026-04-01')
  await user.type(within(dialog).getByLabelText('To'), '2026-04-30')
  await user.click(within(dialog).getByRole('button', { name: 'Backfill' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  const sent = asked.find(({ operation }) => operation === 'BackfillDependency')?.variables
  expect(sent).toEqual({ id: 'dependency-1', from: '2026-04-01', to: '2026-04-30', maxActive: 1 })
})

test('firing what still waits names what is not done', async () => {
  const asked = pretendGateway({
    Me: as('OPERATOR'),
    FireDependency: () => ({ fireDependency: { id: 'firing-1' } }),
  })
  const user = userEvent.setup()
  await renderPage(<FiringActions dependency={aDependency()} firing={aFiring()} />)
  await user.click(screen.getByRole('button', { name: 'Actions for 2026-05-01' }))
  expect(await screen.findByRole('menuitem', { name: /Fire again/ })).toHaveAttribute('aria-disabled', 'true')
  await user.click(screen.getByRole('menuitem', { name: /Fire now/ }))
  const dialog = await screen.findByRole('alertdialog', { name: 'Fire 2026-05-01 now?' })
  expect(dialog).toHaveTextContent('although prefect-crm/crm-sync/hourly is not done')
  await user.click(within(dialog).getByRole('button', { name: 'Fire now' }))
  await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull())
  const sent = asked.find(({ operation }) => operation === 'FireDependency')?.variables
  expect(sent).toEqual({ id: 'dependency-1', key: '2026-05-01' })
})
