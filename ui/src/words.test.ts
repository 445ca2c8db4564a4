import { expect, test } from 'vitest'
import { percent } from './words'

test.each([
  [1, '100%'],
  [0.9996, '99.9%'],
  [0.99999999, '99.9%'],
  [2 / 3, '66.6%'],
  [0.29, '29%'],
  [0.751, '75.1%'],
  [0, '0%'],
  [-0.505, '−50.5%'],
  [-12.5, '−1,250%'],
  [null, '–'],
])('%s reads as %s', (share, words) => {
  expect(percent(share)).toBe(words)
})
