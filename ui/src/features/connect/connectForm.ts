import { asApiError } from '@/api/errors'
import type { ConnectionValueInput, ConnectOrchestratorInput } from '@/api/generated'
import type { Connected, Field, Kind } from './connectQueries'

/** Where a secret comes from; kept: what is stored already */
export type Source = 'typed' | 'reference' | 'kept'

/** As it is typed; values and sources by path, such as `auth.password`. */
export interface ConnectForm {
  kind: string
  name: string
  url: string
  /** The way of logging in; null: none */
  way: string | null
  values: Record<string, string>
  sources: Record<string, Source>
  /** What the form has no fields for */
  kept: Pick<ConnectOrchestratorInput, 'pollInterval' | 'backfill' | 'lineageNamespaces'>
}

export function emptyForm(kind: Kind, taken: string[]): ConnectForm {
  const required = kind.auth.find((field) => field.isRequired && field.way !== null)
  return {
    kind: kind.kind,
    name: freeName(kind.kind, taken),
    url: '',
    way: required?.way ?? null,
    values: {},
    sources: {},
    kept: {},
  }
}

function freeName(kind: string, taken: string[]): string {
  if (!taken.includes(kind)) return kind
  for (let number = 2; ; number++) if (!taken.includes(`${kind}-${number}`)) return `${kind}-${number}`
}

/** One that was connected here, as the form has it; null where a file says how it is connected. */
export function toForm(kind: Kind, { name, url, pollInterval, connection }: Connected): ConnectForm | null {
  if (!connection) return null
  const { backfill, lineageNamespaces, options } = connection
  const values: Record<string, string> = {}
  const sources: Record<string, Source> = {}
  const secrets = new Set(kind.auth.filter((field) => field.isSecret).map((field) => field.name))
  for (const { name: field, value, reference } of connection.auth) {
    values[`auth.${field}`] = reference ?? text(value)
    if (secrets.has(field)) sources[`auth.${field}`] = reference === null ? 'kept' : 'reference'
  }
  for (const [field, value] of Object.entries(options as Record<string, unknown>))
    values[`options.${field}`] = text(value)
  const way = kind.auth.find((field) => field.way !== null && `auth.${field.name}` in values)?.way ?? null
  const kept = { pollInterval, backfill, lineageNamespaces }
  return { kind: kind.kind, name, url, way, values, sources, kept }
}

function text(value: unknown): string {
  return typeof value === 'string'
    ? value
    : value === null || value === undefined
      ? ''
      : JSON.stringify(value)
}

/** The ways of logging in that a kind knows. */
export function waysOf(kind: Kind): string[] {
  return [...new Set(kind.auth.map((field) => field.way).filter((way) => way !== null))]
}

/** The fields of `auth` that are asked for. */
export function authFields(kind: Kind, form: ConnectForm): Field[] {
  return kind.auth.filter((field) => field.way === null || field.way === form.way)
}

/** Secrets are typed in, unless that is not possible here or people choose otherwise. */
export function sourceOf(form: ConnectForm, path: string, canBeTyped: boolean): Source {
  return form.sources[path] ?? (canBeTyped ? 'typed' : 'reference')
}

/** What is sent; without the values that were left empty. */
export function toInput(kind: Kind, form: ConnectForm, canBeTyped: boolean): ConnectOrchestratorInput {
  const auth = authFields(kind, form)
    .map((field) => authValue(field, form, canBeTyped))
    .filter((value) => value !== null)
  const options = Object.fromEntries(
    kind.options
      .map((field) => [field.name, optionValue(field, (form.values[`options.${field.name}`] ?? '').trim())])
      .filter(([, value]) => value !== undefined),
  ) as Record<string, unknown>
  return { kind: kind.kind, name: form.name.trim(), url: form.url.trim(), auth, options, ...form.kept }
}

function authValue(field: Field, form: ConnectForm, canBeTyped: boolean): ConnectionValueInput | null {
  const path = `auth.${field.name}`
  const value = form.values[path] ?? ''
  const source = field.isSecret ? sourceOf(form, path, canBeTyped) : 'typed'
  if (source === 'kept') return { name: field.name, keep: true }
  if (source === 'reference') return value.trim() ? { name: field.name, reference: value.trim() } : null
  // A secret may begin or end with a space.
  const given = field.isSecret ? value : value.trim()
  return given ? { name: field.name, value: given } : null
}

function optionValue(field: Field, value: string): unknown {
  if (value === '') return undefined
  if (field.type === 'INTEGER' || field.type === 'NUMBER')
    return Number.isNaN(Number(value)) ? value : Number(value)
  if (field.type === 'BOOLEAN') return value === 'true'
  return value
}

/** What is missing before anybody is asked. */
export function faultsOf(kind: Kind, form: ConnectForm, canBeTyped: boolean): Record<string, string> {
  const faults: Record<string, string> = {}
  if (form.name.trim() === '') faults['name'] = 'Give it a name, such as airflow-prod.'
  if (form.url.trim() === '') faults['url'] = 'Give its address, such as https://airflow.example.com.'
  const asked = authFields(kind, form)
  const given = new Set(toInput(kind, form, canBeTyped).auth?.map(({ name }) => name))
  for (const field of asked) {
    const isNeeded = field.isRequired || (field.way !== null && field.type !== 'CHOICE')
    if (isNeeded && !given.has(field.name)) faults[`auth.${field.name}`] = 'This is missing.'
  }
  return faults
}

const ofField = /^input\.((?:auth|options)\.[\w-]+|name|url)\S*: (.*)$/s

/** What the gateway refused: at its field where there is one, else for the whole form. */
export function toFaults(error: unknown): Record<string, string> {
  const { message, remedy } = asApiError(error)
  const found = ofField.exec(message)
  const told = capital(found?.[2] ?? message.replace(/^input\.\w+: /, ''))
  return { [found?.[1] ?? 'form']: remedy && !told.includes(remedy) ? `${told} ${remedy}` : told }
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
