import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'
import { SearchBox } from './SearchBox'

test('asks once typing pauses, and takes over a value that changed elsewhere', async () => {
  const user = userEvent.setup()
  const onChange = vi.fn()
  const { rerender } = render(<SearchBox label="Find" value="" onChange={onChange} />)
  await user.type(screen.getByRole('searchbox'), 'sales')
  await waitFor(() => expect(onChange).toHaveBeenCalled())
  expect(onChange.mock.calls).toEqual([['sales']])

  rerender(<SearchBox label="Find" value="sales" onChange={onChange} />)
  rerender(<SearchBox label="Find" value="" onChange={onChange} />)
  expect(screen.getByRole('searchbox')).toHaveValue('')
  await user.type(screen.getByRole('searchbox'), '{Escape}')
  expect(onChange).toHaveBeenCalledTimes(1)
})
