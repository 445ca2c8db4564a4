import type { ConditionInput, DependencyInput, RunState } from '@/api/generated'
import { shortDuration } from './dependencyWords'

type Value = string | number | boolean | null | Value[] | { [name: string]: Value }
type Given<Part> = Part | null | undefined

/** A dependency as podium.yaml has it; what is as usual is left out. */
export function toYaml(dependency: DependencyInput): string {
  const entries = Object.entries(plain(dependency)).flatMap(([name, value]) => entry(name, value))
  const [first = '', ...rest] = entries
  return ['dependencies:', `  - ${first}`, ...rest.map((line) => `    ${line}`), ''].join('\n')
}

function plain(dependency: DependencyInput): Record<string, Value> {
  const { keyedBy, timezone, parameters, timeout, onRerun, allowCycle, isEnabled } = dependency
  return given({
    name: dependency.name,
    description: dependency.description,
    keyed_by: unusual(keyedBy, 'RUN')?.toLowerCase(),
    timezone: unusual(timezone, 'UTC'),
    mode: unusual(dependency.mode, 'ALL')?.toLowerCase(),
    upstream: dependency.upstream.map(conditionValue),
    target: nameOf(dependency.target),
    parameters: isEmpty(parameters) ? null : (parameters as Value),
    partition: dependency.partition,
    timeout: timeout && shortDuration(timeout),
    on_rerun: unusual(onRerun, 'IGNORE')?.toLowerCase(),
    max_active: dependency.maxActive,
    max_per_minute: dependency.maxPerMinute,
    allow_cycle: unusual(allowCycle, false),
    enabled: unusual(isEnabled, true),
  })
}

/** What goes without saying is not said. */
function unusual<Part>(value: Given<Part>, usual: Part): Given<Part> {
  return value === usual ? null : value
}

/** While it is being written it may have no orchestrator yet. */
function nameOf({ orchestrator, key }: { orchestrator: string; key: string }): string {
  return orchestrator === '' ? key : `${orchestrator}/${key}`
}

function conditionValue(condition: ConditionInput): Value {
  const { all, any, cron, dataset, pipeline, offset, every } = condition
  if (all) return { all: all.map(conditionValue) }
  if (any) return { any: any.map(conditionValue) }
  if (typeof cron === 'string') return { cron, lasts: shortDuration(condition.lasts ?? '') }
  const when = { offset: unusual(offset, 0), every: every?.toLowerCase() }
  if (dataset) return datasetValue(dataset, condition.freshWithin, when)
  return pipelineValue(pipeline ? nameOf(pipeline) : '', condition, when)
}

type When = Record<'offset' | 'every', Given<Value>>

function datasetValue(
  { namespace, name }: { namespace: string; name: string },
  freshWithin: Given<string>,
  when: When,
): Value {
  return given({
    dataset: { namespace, name },
    fresh_within: freshWithin && shortDuration(freshWithin),
    ...when,
  })
}

function pipelineValue(name: string, { task, states, partitions }: ConditionInput, when: When): Value {
  const value = given({
    pipeline: name,
    task,
    states: isUsual(states) ? null : (states ?? []).map((state) => state.toLowerCase()),
    partitions: partitions && partitions.length > 0 ? partitions : null,
    ...when,
  })
  return Object.keys(value).length === 1 ? name : value
}

function isUsual(states: Given<readonly RunState[]>): boolean {
  return !states || (states.length === 1 && states[0] === 'SUCCESS')
}

function isEmpty(value: unknown): boolean {
  return typeof value !== 'object' || value === null || Object.keys(value).length === 0
}

function given(values: Record<string, Given<Value>>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(values).filter((one): one is [string, Value] => one[1] !== null && one[1] !== undefined),
  )
}

/** Lists stand line by line; what is in them, and mappings, on one line. */
function entry(name: string, value: Value): string[] {
  if (Array.isArray(value)) return [`${name}:`, ...value.map((one) => `  - ${flow(one)}`)]
  return [`${name}: ${flow(value)}`]
}

function flow(value: Value): string {
  if (typeof value === 'string') return scalar(value)
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (value === null || typeof value !== 'object') return String(value)
  const parts = Object.entries(value).map(([name, one]) => `${scalar(name)}: ${flow(one)}`)
  return `{${parts.join(', ')}}`
}

/** Words that YAML 1.1 or 1.2 reads as something else than text. */
const reserved = new Set(['true', 'false', 'yes', 'no', 'on', 'off', 'null', 'y', 'n'])
const duration = /^\d+(ms|[dhms])(\d+(ms|[hms]))*$/

/** Bare where nothing else could be read into it; otherwise between double quotes, whose escapes are JSON's. */
function scalar(text: string): string {
  const isBare = /^[A-Za-z][\w./-]*( [\w./-]+)*$/.test(text) || duration.test(text)
  return isBare && !reserved.has(text.toLowerCase()) ? text : JSON.stringify(text)
}
