import { asApiError } from '@/api/errors'
import type { ConditionInput, DependencyInput, DependencyMode, KeyGranularity } from '@/api/generated'
import { parseParameters } from '@/features/pipelines/triggerKey'
import { conditionTree, type Group, isGroup, type Node, splitName, subjectOf } from './conditionTree'
import type { Dependency } from './dependencyQueries'
import { shortDuration } from './dependencyWords'

/** One line of the form: a pipeline by orchestrator/key; what else a condition has is kept as it was. */
export interface ConditionField {
  pipeline: string
  /** A condition that the form has no fields for: a group, a dataset, a window, a task */
  kept: ConditionInput | null
}

/** As it is typed. */
export interface DependencyForm {
  name: string
  description: string
  mode: DependencyMode
  conditions: ConditionField[]
  target: string
  keyedBy: KeyGranularity
  timezone: string
  timeout: string
  parameters: string
  /** What the form has no fields for */
  kept: Pick<
    DependencyInput,
    'isEnabled' | 'partition' | 'onRerun' | 'maxActive' | 'maxPerMinute' | 'allowCycle'
  >
}

export const emptyForm: DependencyForm = {
  name: '',
  description: '',
  mode: 'ALL',
  conditions: [{ pipeline: '', kept: null }],
  target: '',
  keyedBy: 'DAY',
  timezone: 'UTC',
  timeout: '',
  parameters: '',
  kept: {},
}

/** A dependency as the form has it. */
export function toForm(dependency: Dependency): DependencyForm {
  const tree = conditionTree(dependency)
  const { parameters, isEnabled, partition, onRerun, maxActive, maxPerMinute, allowCycle } = dependency
  return {
    name: dependency.name,
    description: dependency.description ?? '',
    mode: tree.mode,
    conditions: tree.items.map(toField),
    target: dependency.targetName,
    keyedBy: dependency.keyedBy,
    timezone: dependency.timezone,
    timeout: dependency.timeout === null ? '' : shortDuration(dependency.timeout),
    parameters: Object.keys(parameters ?? {}).length > 0 ? JSON.stringify(parameters) : '',
    kept: { isEnabled, partition, onRerun, maxActive, maxPerMinute, allowCycle },
  }
}

function toField(node: Node): ConditionField {
  const input = nodeInput(node)
  const { pipeline, states, ...rest } = input
  const isPlain =
    pipeline && states?.length === 1 && states[0] === 'SUCCESS' && Object.keys(rest).length === 0
  return isPlain
    ? { pipeline: `${pipeline.orchestrator}/${pipeline.key}`, kept: null }
    : { pipeline: '', kept: input }
}

function nodeInput(node: Node): ConditionInput {
  if (isGroup(node)) return groupInput(node)
  const { states, offset, every, task, partitions, freshWithin } = node.condition
  const subject = subjectOf(node.condition)
  if (subject.what === 'window') return { cron: subject.cron, lasts: subject.lasts }
  const when = { ...(offset !== 0 && { offset }), ...(every && { every }) }
  if (subject.what === 'dataset') {
    const dataset = { namespace: subject.namespace, name: subject.name }
    return { dataset, ...(freshWithin && { freshWithin }), ...when }
  }
  return {
    pipeline: { orchestrator: subject.orchestrator, key: subject.key },
    states,
    ...(task && { task }),
    ...(partitions.length > 0 && { partitions }),
    ...when,
  }
}

function groupInput({ mode, items }: Group): ConditionInput {
  return mode === 'ALL' ? { all: items.map(nodeInput) } : { any: items.map(nodeInput) }
}

/** A condition that the form keeps, in words. */
export function keptWords({ pipeline, dataset, cron, all, any, task }: ConditionInput): string {
  if (pipeline)
    return `${pipeline.orchestrator}/${pipeline.key}${task ? ` · ${task}` : ''}, with conditions of its own`
  if (dataset) return `the dataset ${dataset.name}`
  if (cron) return `the window ${cron}`
  return (all ?? any ?? []).map(keptWords).join(all ? ' and ' : ' or ')
}

/** By the name of the field that it belongs to; `form` where it belongs to no single one. */
export type Faults = Record<string, string>

/** What is wrong before anybody is asked. */
export function faultsOf(form: DependencyForm): Faults {
  const faults: Faults = {}
  if (form.name.trim() === '') faults['name'] = 'Give it a name, such as marts-after-ingest.'
  form.conditions.forEach(({ pipeline, kept }, place) => {
    if (!kept && !isPipelineName(pipeline)) faults[`upstream[${place}]`] = pipelineFault
  })
  if (!isPipelineName(form.target)) faults['target'] = pipelineFault
  const parameters = parseParameters(form.parameters)
  if (!parameters.ok) faults['parameters'] = parameters.reason
  return faults
}

const pipelineFault = 'Write it as orchestrator/key, such as airflow-prod/ingest_sales.'

function isPipelineName(text: string): boolean {
  const { orchestrator, key } = splitName(text.trim())
  return orchestrator !== '' && key !== ''
}

/** The same for the API. */
export function toInput(form: DependencyForm): DependencyInput {
  const parameters = parseParameters(form.parameters)
  return {
    ...form.kept,
    name: form.name.trim(),
    description: form.description.trim() || null,
    mode: form.mode,
    upstream: form.conditions.map(({ pipeline, kept }) => kept ?? { pipeline: splitName(pipeline.trim()) }),
    target: splitName(form.target.trim()),
    keyedBy: form.keyedBy,
    timezone: form.timezone.trim() || 'UTC',
    timeout: form.timeout.trim() || null,
    parameters: parameters.ok ? parameters.value : null,
  }
}

const fields = ['name', 'description', 'target', 'timezone', 'timeout', 'parameters', 'upstream']

/** What the gateway refused, at the field that it names: "input.upstream[0].pipeline: …". */
export function toFaults(error: unknown): Faults {
  const { message, remedy } = asApiError(error)
  if (message.startsWith('Duration: ')) return { timeout: message.slice('Duration: '.length) }
  const said = /^input\.(\w+)(\[\d+\])?[^:]*: ([^]*)$/.exec(message)
  const [, field = '', place = '', words = ''] = said ?? []
  if (!fields.includes(field) || (field === 'upstream' && place === ''))
    return { form: `${message} ${remedy}` }
  return { [field + place]: words }
}
