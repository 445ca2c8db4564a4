import { expect, test } from 'vitest'
import { fullName, nameContext } from './nameContext'
import { layerTasks } from './taskLayers'
import { newTriggerKey, parseParameters } from './triggerKey'

const tasks = ['load', 'extract', 'check', 'clean'].map((key) => ({ key }))

test('a task stands below all that it waits for', () => {
  const layers = layerTasks(tasks, [
    { upstream: 'extract', downstream: 'check' },
    { upstream: 'check', downstream: 'load' },
    { upstream: 'extract', downstream: 'load' },
    { upstream: 'not listed', downstream: 'clean' },
  ])
  expect(layers.map((layer) => layer.map(({ key }) => key))).toEqual([
    ['extract', 'clean'],
    ['check'],
    ['load'],
  ])
})

test('a cycle ends', () => {
  const layers = layerTasks(tasks, [
    { upstream: 'load', downstream: 'extract' },
    { upstream: 'extract', downstream: 'load' },
  ])
  expect(layers.flat()).toHaveLength(4)
})

test('parameters are an object or nothing', () => {
  expect(parseParameters(' ')).toEqual({ ok: true, value: null })
  expect(parseParameters('{"day": "2026-05-01"}')).toEqual({ ok: true, value: { day: '2026-05-01' } })
  for (const wrong of ['[1]', '"x"', '3', 'null', '{day: 1}']) expect(parseParameters(wrong).ok).toBe(false)
})

test('trigger keys differ and are what every adapter accepts', () => {
  const keys = [newTriggerKey(), newTriggerKey()]
  expect(new Set(keys).size).toBe(2)
  for (const key of keys) expect(key).toMatch(/^[A-Za-z0-9][A-Za-z0-9_.~:+-]{0,199}$/)
})

test('a name says as much of its key as tells pipelines apart', () => {
  expect(fullName({ key: 'crm-sync/hourly', name: 'hourly' })).toBe('crm-sync/hourly')
  expect(fullName({ key: 'ingest_sales', name: 'Ingest sales' })).toBe('Ingest sales')
  expect(nameContext({ key: 'hourly', name: 'hourly' })).toBe('')
})
