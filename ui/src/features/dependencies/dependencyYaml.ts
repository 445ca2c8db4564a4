import type { RunState } from '@/api/generated'
import { conditionTree, type Group, isGroup, type Node, subjectOf } from './conditionTree'
import type { Condition, Dependency } from './dependencyQueries'
import { shortDuration } from './dependencyWords'

type Value = string | number | boolean | null | Value[] | { [name: string]: Value }

/** A dependency as podium.yaml has it; what is as usual is left out. */
export function toYaml(dependency: Dependency): string {
  const entries = Object.entries(plain(dependency)).flatMap(([name, value]) => entry(name, value))
  const [first = '', ...rest] = entries
  return ['dependencies:', `  - ${first}`, ...rest.map((line) => `    ${line}`), ''].join('\n')
}

function plain(dependency: Dependency): Record<string, Value> {
  const tree = conditionTree(dependency)
  const { parameters, timeout, onRerun, maxActive, maxPerMinute } = dependency
  return given({
    name: dependency.name,
    description: dependency.description,
    keyed_by: dependency.keyedBy === 'RUN' ? null : lower(dependency.keyedBy),
    timezone: dependency.timezone === 'UTC' ? null : dependency.timezone,
    mode: tree.mode === 'ANY' ? 'any' : null,
    upstream: tree.items.map(nodeValue),
    target: dependency.targetName,
    parameters: isEmpty(parameters) ? null : (parameters as Value),
    partition: dependency.partition,
    timeout: timeout === null ? null : shortDuration(timeout),
    on_rerun: onRerun === 'IGNORE' ? null : lower(onRerun),
    max_active: maxActive,
    max_per_minute: maxPerMinute,
    allow_cycle: dependency.allowCycle || null,
    enabled: dependency.isEnabled ? null : false,
  })
}

function nodeValue(node: Node): Value {
  return isGroup(node) ? groupValue(node) : conditionValue(node.condition)
}

function groupValue({ mode, items }: Group): Value {
  return { [lower(mode)]: items.map(nodeValue) }
}

function conditionValue(condition: Condition): Value {
  const { offset, every, partitions, freshWithin, states, task } = condition
  const subject = subjectOf(condition)
  if (subject.what === 'window') return { cron: subject.cron, lasts: shortDuration(subject.lasts) }
  const when = { offset: offset || null, every: every && lower(every) }
  if (subject.what === 'dataset') {
    const { namespace, name } = subject
    return given({
      dataset: { namespace, name },
      fresh_within: freshWithin && shortDuration(freshWithin),
      ...when,
    })
  }
  const pipeline = `${subject.orchestrator}/${subject.key}`
  const value = given({
    pipeline,
    task,
    states: isUsual(states) ? null : (states ?? []).map(lower),
    partitions: partitions.length > 0 ? partitions : null,
    ...when,
  })
  return Object.keys(value).length === 1 ? pipeline : value
}

function isUsual(states: readonly RunState[] | null): boolean {
  return states?.length === 1 && states[0] === 'SUCCESS'
}

function lower(word: string): string {
  return word.toLowerCase()
}

function isEmpty(value: unknown): boolean {
  return typeof value !== 'object' || value === null || Object.keys(value).length === 0
}

function given(values: Record<string, Value | undefined>): Record<string, Value> {
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
