import { asApiError } from '@/api/errors'
import type { DependencyInput, DependencyMode, KeyGranularity, Rerun } from '@/api/generated'
import { parseParameters } from '@/features/pipelines/triggerKey'
import {
  type ConditionField,
  conditionFaults,
  durationFault,
  emptyCondition,
  type Faults,
  isPipelineName,
  pipelineFault,
  toConditionInput,
  toField,
} from './conditionForm'
import { splitName } from './conditionTree'
import { inputOf } from './dependencyInput'
import type { Dependency } from './dependencyQueries'
import { shortDuration } from './dependencyWords'

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
  partition: string
  onRerun: Rerun
  maxActive: string
  maxPerMinute: string
  isCycleAllowed: boolean
  isEnabled: boolean
}

export const emptyForm: DependencyForm = {
  name: '',
  description: '',
  mode: 'ALL',
  conditions: [emptyCondition],
  target: '',
  keyedBy: 'DAY',
  timezone: 'UTC',
  timeout: '',
  parameters: '',
  partition: '',
  onRerun: 'IGNORE',
  maxActive: '',
  maxPerMinute: '',
  isCycleAllowed: false,
  isEnabled: true,
}

/** A dependency as the form has it. */
export function toForm(dependency: Dependency): DependencyForm {
  return formOf(inputOf(dependency))
}

/** What the API is given, as it is typed. */
export function formOf(input: DependencyInput): DependencyForm {
  const { name, upstream, target, parameters, timeout, allowCycle } = input
  return {
    ...given(input),
    name,
    conditions: upstream.map(toField),
    target: `${target.orchestrator}/${target.key}`,
    timeout: timeout ? shortDuration(timeout) : '',
    parameters: parametersOf(parameters),
    maxActive: limitOf(input.maxActive),
    maxPerMinute: limitOf(input.maxPerMinute),
    isCycleAllowed: allowCycle ?? false,
  }
}

/** What is typed as it is sent, and as usual where it is not said. */
function given(input: DependencyInput) {
  return {
    description: input.description ?? '',
    mode: input.mode ?? 'ALL',
    keyedBy: input.keyedBy ?? 'RUN',
    timezone: input.timezone ?? 'UTC',
    partition: input.partition ?? '',
    onRerun: input.onRerun ?? 'IGNORE',
    isEnabled: input.isEnabled ?? true,
  }
}

function limitOf(limit: number | null | undefined): string {
  return limit ? String(limit) : ''
}

function parametersOf(parameters: unknown): string {
  if (typeof parameters !== 'object' || parameters === null) return ''
  return Object.keys(parameters).length > 0 ? JSON.stringify(parameters) : ''
}

/** The same for the API. */
export function toInput(form: DependencyForm): DependencyInput {
  const parameters = parseParameters(form.parameters)
  return {
    name: form.name.trim(),
    description: form.description.trim() === '' ? null : form.description,
    mode: form.mode,
    upstream: form.conditions.map(toConditionInput),
    target: splitName(form.target.trim()),
    keyedBy: form.keyedBy,
    timezone: form.timezone.trim() || 'UTC',
    timeout: form.timeout.trim() || null,
    parameters: parameters.ok ? parameters.value : null,
    partition: form.partition === '' ? null : form.partition,
    onRerun: form.onRerun,
    maxActive: Number(form.maxActive) || null,
    maxPerMinute: Number(form.maxPerMinute) || null,
    allowCycle: form.isCycleAllowed,
    isEnabled: form.isEnabled,
  }
}

/** What is wrong before anybody is asked, by its field. */
export function faultsOf(form: DependencyForm): Faults {
  const faults: Faults = Object.assign(
    {},
    ...form.conditions.map((condition, place) => conditionFaults(condition, `upstream[${place}]`)),
  ) as Faults
  if (form.name.trim() === '') faults['name'] = 'Give it a name, such as marts-after-ingest.'
  if (form.conditions.length === 0) faults['upstream'] = 'Add a condition.'
  if (!isPipelineName(form.target)) faults['target'] = pipelineFault
  const late = form.timeout.trim() === '' ? undefined : durationFault(form.timeout)
  if (late) faults['timeout'] = late
  for (const name of ['maxActive', 'maxPerMinute'] as const) {
    if (!/^([1-9]\d*)?$/.test(form[name].trim())) faults[name] = 'Write 1 or more, or nothing for no limit.'
  }
  const parameters = parseParameters(form.parameters)
  if (!parameters.ok) faults['parameters'] = parameters.reason
  return faults
}

const fields = [
  ...['name', 'description', 'target', 'timezone', 'timeout', 'parameters', 'upstream', 'partition'],
  ...['keyedBy', 'onRerun', 'maxActive', 'maxPerMinute', 'allowCycle', 'isEnabled', 'mode'],
]

/** What the gateway refused, at the field that it names: "input.upstream[0].any[1].task: …". */
export function toFaults(error: unknown): Faults {
  const { message, remedy } = asApiError(error)
  if (message.startsWith('Duration: ')) return { timeout: message.slice('Duration: '.length) }
  const said = /^input\.(\w+)((?:\.(?:all|any)|\[\d+\])*)(?:\.([\w.]+))?: ([^]*)$/.exec(message)
  const [, named = '', places = '', part, words = ''] = said ?? []
  const field = camelled(named)
  if (!fields.includes(field)) return { form: `${message} ${remedy}`.trim() }
  if (field !== 'upstream' || places === '') return { [field]: words }
  return { [`upstream${places.replaceAll(/\.(all|any)/g, '')}.${camelled(part ?? 'pipeline')}`]: words }
}

/** podium.yaml's keyed_by is the API's keyedBy. */
function camelled(name: string): string {
  return name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}
