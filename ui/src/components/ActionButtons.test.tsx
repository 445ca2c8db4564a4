import { render, screen } from '@testing-library/react'
import { Play } from 'lucide-react'
import { expect, test, vi } from 'vitest'
import { ActionButtons } from './ActionButtons'

const action = { icon: Play, run: vi.fn() }

test('what cannot be done stays in sight and says why, once for all that share the reason', () => {
  render(
    <ActionButtons
      actions={[
        { ...action, id: 'start', label: 'Start', unavailable: 'A viewer may only look' },
        { ...action, id: 'stop', label: 'Stop', unavailable: 'A viewer may only look' },
        { ...action, id: 'again', label: 'Again' },
      ]}
    />,
  )
  for (const name of ['Start', 'Stop']) {
    expect(screen.getByRole('button', { name })).toBeDisabled()
    expect(screen.getByRole('button', { name })).toHaveAccessibleDescription('A viewer may only look.')
  }
  expect(screen.getAllByText('A viewer may only look.')).toHaveLength(1)
  expect(screen.getByRole('button', { name: 'Again' })).toBeEnabled()
})
