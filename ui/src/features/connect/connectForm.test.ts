import { ApiError } from '@/api/errors'
import { expect, test } from 'vitest'
import { authFields, emptyForm, faultsOf, toFaults, toForm, toInput, waysOf } from './connectForm'
import type { Connected, Field, Kind } from './connectQueries'

const field = (name: string, more: Partial<Field> = {}): Field => ({
  name,
  title: name,
  help: null,
  type: 'TEXT',
  isSecret: false,
  isRequired: false,
  default: null,
  choices: [],
  minimum: null,
  maximum: null,
  way: null,
  ...more,
})

const airflow: Kind = {
  kind: 'airflow',
  title: 'Apache Airflow',
  supportedVersions: ['>=3.0'],
  capabilities: ['TRIGGER'],
  auth: [
    field('username', { way: 'User name and password' }),
    field('password', { way: 'User name and password', isSecret: true }),
    field('token', { way: 'Token', isSecret: true }),
  ],
  options: [field('page_size', { type: 'INTEGER', default: 100 })],
}

const form = { ...emptyForm(airflow, ['airflow', 'airflow-2']), url: ' https://airflow.example.com ' }

test('a name that is free is proposed', () => {
  expect(form.name).toBe('airflow-3')
})

test('only the chosen way of logging in is asked for and sent', () => {
  expect(waysOf(airflow)).toEqual(['User name and password', 'Token'])
  const values = { 'auth.username': 'ada', 'auth.password': ' kept as typed ', 'auth.token': 'another' }
  const filled = { ...form, way: 'User name and password', values }
  expect(authFields(airflow, filled).map(({ name }) => name)).toEqual(['username', 'password'])
  expect(toInput(airflow, filled, true)).toEqual({
    kind: 'airflow',
    name: 'airflow-3',
    url: 'https://airflow.example.com',
    auth: [
      { name: 'username', value: 'ada' },
      { name: 'password', value: ' kept as typed ' },
    ],
    options: {},
  })
})

test('where nothing can be typed in, a secret is a reference', () => {
  const filled = { ...form, way: 'Token', values: { 'auth.token': 'env:PODIUM_CONNECT_TOKEN' } }
  expect(toInput(airflow, filled, false).auth).toEqual([
    { name: 'token', reference: 'env:PODIUM_CONNECT_TOKEN' },
  ])
})

test('what is missing is said at its field', () => {
  const faults = faultsOf(airflow, { ...form, url: '', way: 'Token' }, true)
  expect(Object.keys(faults)).toEqual(['url', 'auth.token'])
})

test('numbers are sent as numbers, and what is no number is left to the gateway to name', () => {
  const sent = (typed: string) => toInput(airflow, { ...form, values: { 'options.page_size': typed } }, true)
  expect(sent('50').options).toEqual({ page_size: 50 })
  expect(sent('many').options).toEqual({ page_size: 'many' })
})

test('what is stored is kept unless it is replaced', () => {
  const connected = {
    name: 'prod',
    url: 'https://airflow.example.com',
    pollInterval: 'PT30S',
    connection: {
      auth: [
        { name: 'username', value: 'ada', reference: null },
        { name: 'password', value: null, reference: null },
      ],
      options: { page_size: 10 },
      backfill: 'P7D',
      lineageNamespaces: ['prod'],
    },
  } as unknown as Connected
  const known = toForm(airflow, connected)
  expect(known && toInput(airflow, known, true)).toEqual({
    kind: 'airflow',
    name: 'prod',
    url: 'https://airflow.example.com',
    auth: [
      { name: 'username', value: 'ada' },
      { name: 'password', keep: true },
    ],
    options: { page_size: 10 },
    pollInterval: 'PT30S',
    backfill: 'P7D',
    lineageNamespaces: ['prod'],
  })
})

test('a refusal stands at the field that it names', () => {
  const refused = new ApiError('BAD_USER_INPUT', 'input.auth.password: is missing; add it.', '')
  expect(toFaults(refused)).toEqual({ 'auth.password': 'Is missing; add it.' })
  const taken = new ApiError('CONFLICT', "input.name: 'a' is taken.", 'Use another name.')
  expect(toFaults(taken)).toEqual({ name: "'a' is taken. Use another name." })
  expect(toFaults(new ApiError('NETWORK', 'No answer.', 'Wait.'))).toEqual({ form: 'No answer. Wait.' })
})
