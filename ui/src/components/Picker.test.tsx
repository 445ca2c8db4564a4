import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { expect, test } from 'vitest'
import { ManyPicker } from './Picker'

function Orchestrators({ of }: { of: string[] }) {
  const [chosen, setChosen] = useState(of)
  return (
    <>
      <p role="status">{chosen.join(', ')}</p>
      <ManyPicker
        label="Orchestrator"
        all="All of them"
        chosen={chosen}
        onChange={setChosen}
        options={['north', 'south', 'west']}
      />
    </>
  )
}

test('several are chosen one after the other, and all of them again', async () => {
  const user = userEvent.setup()
  render(<Orchestrators of={[]} />)
  const picker = screen.getByRole('button', { name: /Orchestrator/ })
  expect(picker).toHaveTextContent('All of them')
  await user.click(picker)
  await user.click(screen.getByRole('option', { name: 'west' }))
  await user.click(screen.getByRole('option', { name: 'north' }))
  expect(screen.getByText('north, west')).toBeInTheDocument()
  expect(screen.getByRole('option', { name: 'All of them' })).toHaveAttribute('aria-selected', 'false')
  await user.click(screen.getByRole('option', { name: 'All of them' }))
  await user.keyboard('{Escape}')
  expect(screen.getByRole('status')).toHaveTextContent('')
  expect(picker).toHaveTextContent('All of them')
})

test('what a link names stays in sight, whether it is known or not', async () => {
  const user = userEvent.setup()
  render(<Orchestrators of={['gone', 'south']} />)
  const picker = screen.getByRole('button', { name: /Orchestrator/ })
  expect(picker).toHaveTextContent('gone +1')
  await user.click(picker)
  await user.click(screen.getByRole('option', { name: 'gone' }))
  expect(screen.getByText('south', { selector: 'p' })).toBeInTheDocument()
})
