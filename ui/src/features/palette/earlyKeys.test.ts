import userEvent from '@testing-library/user-event'
import { afterEach, expect, it, vi } from 'vitest'
import { takeEarlyKeys } from './earlyKeys'
import { overlay } from './paletteStore'

const heard = vi.fn()
document.addEventListener('keydown', heard)
afterEach(() => {
  overlay.set(null)
  heard.mockClear()
})

it('keeps what is typed before the palette is there, from everything else on the page', async () => {
  overlay.set('palette')
  await userEvent.keyboard('g sa{Backspace}?{Enter}')
  expect(heard).not.toHaveBeenCalled()
  expect(takeEarlyKeys()).toEqual({ text: 'g s?', isEntered: true })
  await userEvent.keyboard('x')
  expect(heard).toHaveBeenCalledOnce()
  expect(takeEarlyKeys()).toEqual({ text: '', isEntered: false })
})

it('is over with Escape, and begins anew at the next call', async () => {
  overlay.set('palette')
  await userEvent.keyboard('orders{Escape}')
  expect(overlay.get()).toBeNull()
  await userEvent.keyboard('x')
  expect(heard).toHaveBeenCalledOnce()
  overlay.set('palette')
  expect(takeEarlyKeys()).toEqual({ text: '', isEntered: false })
})
