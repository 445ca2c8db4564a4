import type { ConditionInput, DependencyMode, KeyGranularity, RunState } from '@/api/generated'
import { splitName } from './conditionTree'
import { shortDuration } from './dependencyWords'

/** What a condition is about. */
export type ConditionKind = 'pipeline' | 'dataset' | 'window' | 'group'

/** A condition as it is typed: what belongs to another kind is kept while somebody changes their mind. */
export interface ConditionField {
  kind: ConditionKind
  /** As orchestrator/key */
  pipeline: string
  task: string
  states: RunState[]
  /** One on a line */
  partitions: string
  namespace: string
  dataset: string
  freshWithin: string
  cron: string
  lasts: string
  offset: string
  every: KeyGranularity | null
  mode: DependencyMode
  items: ConditionField[]
}

export const emptyCondition: ConditionField = {
  kind: 'pipeline',
  pipeline: '',
  task: '',
  states: ['SUCCESS'],
  partitions: '',
  namespace: '',
  dataset: '',
  freshWithin: '',
  cron: '',
  lasts: '',
  offset: '',
  every: null,
  mode: 'ANY',
  items: [],
}

/** As the form has it. */
export function toField(input: ConditionInput): ConditionField {
  const { all, any, dataset, cron } = input
  if (all) return { ...emptyCondition, kind: 'group', mode: 'ALL', items: all.map(toField) }
  if (any) return { ...emptyCondition, kind: 'group', mode: 'ANY', items: any.map(toField) }
  if (cron) return { ...emptyCondition, kind: 'window', cron, lasts: lengthOf(input.lasts) }
  const when = {
    ...emptyCondition,
    offset: input.offset ? String(input.offset) : '',
    every: input.every ?? null,
  }
  if (!dataset) return { ...when, ...pipelineField(input) }
  const { namespace, name } = dataset
  return { ...when, kind: 'dataset', namespace, dataset: name, freshWithin: lengthOf(input.freshWithin) }
}

function pipelineField({ pipeline, task, states, partitions }: ConditionInput): Partial<ConditionField> {
  return {
    pipeline: pipeline ? `${pipeline.orchestrator}/${pipeline.key}` : '',
    task: task ?? '',
    states: [...(states ?? ['SUCCESS'])],
    partitions: (partitions ?? []).join('\n'),
  }
}

function lengthOf(duration: string | null | undefined): string {
  return duration ? shortDuration(duration) : ''
}

/** For the API; what is as usual is left out. */
export function toConditionInput(field: ConditionField): ConditionInput {
  switch (field.kind) {
    case 'group': {
      const items = field.items.map(toConditionInput)
      return field.mode === 'ALL' ? { all: items } : { any: items }
    }
    case 'window':
      return { cron: field.cron.trim(), lasts: field.lasts.trim() }
    case 'dataset': {
      const freshWithin = field.freshWithin.trim()
      const dataset = { namespace: field.namespace.trim(), name: field.dataset.trim() }
      return { dataset, ...(freshWithin && { freshWithin }), ...whenInput(field) }
    }
    case 'pipeline':
      return { ...pipelineInput(field), ...whenInput(field) }
  }
}

function whenInput({ offset, every }: ConditionField): Partial<ConditionInput> {
  return { ...(Number(offset) !== 0 && { offset: Number(offset) }), ...(every && { every }) }
}

function pipelineInput({ pipeline, states, ...rest }: ConditionField): ConditionInput {
  const task = rest.task.trim()
  const partitions = rest.partitions.split('\n').filter((line) => line.trim() !== '')
  const isUsual = states.length === 1 && states[0] === 'SUCCESS'
  return {
    pipeline: splitName(pipeline.trim()),
    ...(!isUsual && { states }),
    ...(task && { task }),
    ...(partitions.length > 0 && { partitions }),
  }
}

/** By where it stands: `upstream[0][1].task`. */
export type Faults = Record<string, string>

export const pipelineFault = 'Write it as orchestrator/key, such as airflow-prod/ingest_sales.'

export function isPipelineName(text: string): boolean {
  const { orchestrator, key } = splitName(text.trim())
  return orchestrator !== '' && key !== ''
}

const duration = /^(\d+(\.\d+)?(ms|[wdhms]))+$|^P[\dTWDHMS.]+$/i

/** What is wrong with a length of time; nothing where it is one. */
export function durationFault(text: string): string | undefined {
  return duration.test(text.trim()) ? undefined : `Write it like 3h, 30m or 1d12h.`
}

/** What is wrong with a condition before anybody is asked. */
export function conditionFaults(field: ConditionField, path: string): Faults {
  if (field.kind === 'group') {
    if (field.items.length === 0) return { [path]: 'Add a condition, or remove the group.' }
    const found = field.items.map((item, place) => conditionFaults(item, `${path}[${place}]`))
    return Object.assign({}, ...found) as Faults
  }
  return given(path, {
    ...ownFaults(field),
    ...(field.kind !== 'window' &&
      !/^(-?\d+)?$/.test(field.offset.trim()) && { offset: 'Write a whole number, such as 1.' }),
  })
}

function ownFaults({ kind, pipeline, states, namespace, dataset, freshWithin, cron, lasts }: ConditionField) {
  if (kind === 'window') {
    return {
      cron: cron.trim() === '' ? 'Say when it opens, such as 0 22 * * *.' : undefined,
      lasts: durationFault(lasts),
    }
  }
  if (kind === 'dataset') {
    return {
      namespace:
        namespace.trim() === '' ? 'Give its namespace, such as postgres://warehouse:5432.' : undefined,
      dataset: dataset.trim() === '' ? 'Give its name, such as sales.orders.' : undefined,
      freshWithin: freshWithin.trim() === '' ? undefined : durationFault(freshWithin),
    }
  }
  return {
    pipeline: isPipelineName(pipeline) ? undefined : pipelineFault,
    states: states.length === 0 ? 'Choose at least one.' : undefined,
  }
}

function given(path: string, faults: Record<string, string | undefined>): Faults {
  const found = Object.entries(faults).flatMap(([name, fault]) => (fault ? [[`${path}.${name}`, fault]] : []))
  return Object.fromEntries(found) as Faults
}
