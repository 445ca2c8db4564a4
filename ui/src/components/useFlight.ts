import { observeWindowOffset, type Virtualizer } from '@tanstack/react-virtual'
import { useState } from 'react'

type Told = (offset: number, isScrolling: boolean) => void

/** Whether what is scrolled flies past, more than half a window at a time, until it slows down. */
class Flight {
  isFast = false
  #last = 0

  /** Watches the window for a virtualizer, and knows before it draws. */
  observe = (virtual: Virtualizer<Window, Element>, told: Told) =>
    observeWindowOffset(virtual, (offset, isScrolling) => {
      this.isFast = isScrolling && Math.abs(offset - this.#last) > window.innerHeight / 2
      this.#last = offset
      told(offset, isScrolling)
    })
}

export function useFlight(): Flight {
  return useState(() => new Flight())[0]
}
