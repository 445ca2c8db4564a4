import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { expect, test } from 'vitest'
import type { RunTimes } from './runFilter'
import { WhenPicker } from './WhenPicker'

function Shown({ times }: { times: RunTimes }) {
  const [now, setNow] = useState(times)
  const set = (next: Record<string, string | undefined>): void =>
    setNow(JSON.parse(JSON.stringify(next)) as RunTimes)
  return (
    <>
      <WhenPicker times={now} onChange={set} />
      <output>{JSON.stringify(now)}</output>
    </>
  )
}

async function choose(words: string): Promise<void> {
  await userEvent.click(screen.getByRole('button', { name: /When/ }))
  await userEvent.click(screen.getByRole('option', { name: words }))
}

test('a time up to now is kept as it is meant', async () => {
  render(<Shown times={{}} />)
  expect(screen.getByRole('button', { name: /When/ })).toHaveTextContent('Any time')
  await choose('Last 24 hours')
  expect(screen.getByRole('status')).toHaveTextContent('{"when":"24h"}')
  await choose('Any time')
  expect(screen.getByRole('status')).toHaveTextContent('{}')
})

test('exact times are asked for only where they are wanted, and begin with what was shown', async () => {
  render(<Shown times={{ when: '7d' }} />)
  expect(screen.queryByLabelText('Started after')).toBeNull()
  await choose('Custom…')
  expect(screen.getByLabelText('Started after')).not.toHaveValue('')
  expect(screen.getByLabelText('Started before')).toHaveValue('')
  expect(screen.getByRole('status')).toHaveTextContent(/^\{"after":"\d{4}-/)
  await choose('Today')
  expect(screen.queryByLabelText('Started after')).toBeNull()
  expect(screen.getByRole('status')).toHaveTextContent('{"when":"today"}')
})

test('a link may name instants, or a time that is not offered', async () => {
  const { unmount } = render(<Shown times={{ before: '2026-05-01T00:00:00Z' }} />)
  expect(screen.getByRole('button', { name: /When/ })).toHaveTextContent('Custom…')
  const before = screen.getByLabelText('Started before')
  await userEvent.clear(before)
  await userEvent.tab()
  expect(screen.getByRole('status')).toHaveTextContent('{}')
  expect(screen.getByLabelText('Started after')).toBeInTheDocument()
  unmount()
  render(<Shown times={{ when: '3h' }} />)
  expect(screen.getByRole('button', { name: /When/ })).toHaveTextContent('Last 3 hours')
  await choose('Custom…')
  expect(screen.getByLabelText('Started after')).toBeInTheDocument()
})
