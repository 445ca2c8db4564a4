import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import { aPipeline, aRun } from '../../../test/builders'
import { pretendGateway, refusal } from '../../../test/gateway'
import { renderPage } from '../../../test/page'
import { TriggerDialog } from './TriggerDialog'

afterEach(() => vi.unstubAllGlobals())

test('a trigger that failed is repeated with the same key, and leads to the run', async () => {
  let calls = 0
  const asked = pretendGateway({
    TriggerPipeline: () => {
      calls += 1
      return calls === 1
        ? refusal('UPSTREAM_UNAVAILABLE', 'airflow-prod did not answer.')
        : { triggerPipeline: aRun({ id: 'run-7' }) }
    },
  })
  const user = userEvent.setup()
  const page = await renderPage(<TriggerDialog pipeline={aPipeline()} onClose={() => undefined} />)

  await user.click(screen.getByLabelText(/Parameters/))
  await user.paste('{"day": "2026-05-01"}')
  await user.click(screen.getByRole('button', { name: 'Trigger run' }))
  expect(await screen.findByText('airflow-prod did not answer.')).toBeInTheDocument()
  await user.click(screen.getByRole('button', { name: 'Trigger run' }))

  await waitFor(() => expect(page.path()).toBe('/runs/run-7'))
  const inputs = asked.map(({ variables }) => variables['input'] as Record<string, unknown>)
  expect(inputs).toHaveLength(2)
  expect(inputs[0]).toEqual(inputs[1])
  expect(inputs[0]).toMatchObject({ pipeline: 'pipeline-1', parameters: { day: '2026-05-01' } })
})

test('what is no JSON object is not sent', async () => {
  const asked = pretendGateway({})
  const user = userEvent.setup()
  await renderPage(<TriggerDialog pipeline={aPipeline()} onClose={() => undefined} />)
  await user.click(screen.getByLabelText(/Parameters/))
  await user.paste('day=1')
  expect(screen.getByText(/This is not JSON/)).toBeInTheDocument()
  expect(screen.getByRole('button', { name: 'Trigger run' })).toBeDisabled()
  expect(asked).toEqual([])
})
