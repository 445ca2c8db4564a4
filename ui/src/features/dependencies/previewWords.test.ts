import { expect, test } from 'vitest'
import { totalWords } from './previewWords'

const previews = (fired: number, waiting: number) => [
  ...Array.from({ length: fired }, () => ({ wouldTrigger: true })),
  ...Array.from({ length: waiting }, () => ({ wouldTrigger: false })),
]

test.each([
  [7, 2, 'It would have fired 7 times, 2 still waiting.'],
  [1, 0, 'It would have fired once.'],
  [0, 3, 'It would have fired 0 times, 3 still waiting.'],
])('%i fired and %i waiting', (fired, waiting, words) => {
  expect(totalWords(previews(fired, waiting))).toBe(words)
})
