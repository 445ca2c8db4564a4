import { expect, test } from 'vitest'
import { CircleX } from 'lucide-react'
import type { Tone } from '@/components/Badge'
import { type DrawnNode, firstLook, isTrail } from './drawn'

function node(id: string, tone: Tone | null, isMarked = false): DrawnNode {
  const state = tone && { tone, icon: CircleX }
  return { id, name: id, under: '', label: id, group: null, link: null, state, isMarked }
}

test('one looks first at what is marked, then at what is wrong, then at the beginning', () => {
  const [good, bad, marked] = [node('good', 'good'), node('bad', 'bad'), node('marked', 'caution', true)]
  expect(firstLook([good, bad, marked])).toBe('marked')
  expect(firstLook([good, bad])).toBe('bad')
  expect(firstLook([good])).toBe('good')
  expect(firstLook([])).toBeNull()
})

test('a trail leads from what is wrong to what is wrong', () => {
  const all = [node('failed', 'bad'), node('missed', 'worst'), node('fine', 'good'), node('unknown', null)]
  const nodes = new Map(all.map((one) => [one.id, one]))
  expect(isTrail({ source: 'failed', target: 'missed' }, nodes)).toBe(true)
  expect(isTrail({ source: 'failed', target: 'fine' }, nodes)).toBe(false)
  expect(isTrail({ source: 'unknown', target: 'missed' }, nodes)).toBe(false)
})
