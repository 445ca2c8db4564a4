import type { SlaGroupFragment, SlaMonthsQuery } from '@/api/generated'
import type { Cell } from './csv'
import type { Judged, SlaLine } from './slaQueries'
import { orchestratorOf, standingOf } from './slaSearch'
import { promiseWords } from './slaWords'

/** The list as a table for spreadsheets: instants in UTC, shares from 0 to 1. */
export function slaRows(slas: SlaLine[]): Cell[][] {
  const head = [
    'name',
    'owner',
    'kind',
    'orchestrator',
    'target',
    'promise',
    'state',
    'reason',
    'due',
    'done',
    'late_by',
    'expected',
    'expected_from',
    'expected_to',
    'breach_probability',
    'waits_for',
    'objective',
    'adherence_30d',
    'error_budget_left_30d',
  ]
  return [head, ...slas.map(slaRow)]
}

function slaRow(sla: SlaLine): Cell[] {
  const { current } = sla
  const first = current?.criticalPath[0]?.pipeline
  return [
    sla.name,
    sla.owner,
    sla.kind,
    orchestratorOf(sla),
    sla.targetName,
    promiseWords(sla),
    sla.isEnabled ? standingOf(sla) : 'SWITCHED_OFF',
    ...standingCells(current),
    first ? `${first.orchestrator.name}/${first.key}` : null,
    sla.objective,
    sla.adherence,
    sla.errorBudgetLeft,
  ]
}

function standingCells(current: SlaLine['current']): Cell[] {
  if (!current) return Array.from({ length: 8 }, () => null)
  const { reason, dueAt, completedAt, lateBy, predictedAt, predictedLow, predictedHigh, breachProbability } =
    current
  return [reason, dueAt, completedAt, lateBy, predictedAt, predictedLow, predictedHigh, breachProbability]
}

/** How one promise was judged, as a table for spreadsheets. */
export function historyRows(evaluations: Judged[]): Cell[][] {
  const head = ['key', 'state', 'reason', 'due', 'done', 'late_by', 'measured', 'run']
  const rows = evaluations.map(({ key, state, reason, dueAt, completedAt, lateBy, measured, run }) => [
    key,
    state,
    reason,
    dueAt,
    completedAt,
    lateBy,
    measured,
    run?.externalId ?? null,
  ])
  return [head, ...rows]
}

/** Adherence of groups as a table for spreadsheets. */
export function adherenceRows(by: string, days: string, groups: SlaGroupFragment[]): Cell[][] {
  return [
    [by, 'days', ...figures],
    ...groups.map((group) => [group.name, Number(days), ...groupCells(group)]),
  ]
}

/** The same month by month, each group and month a row. */
export function monthRows(by: string, months: SlaMonthsQuery['slaAdherenceByMonth']): Cell[][] {
  const rows = months.flatMap(({ month, groups }) =>
    groups.map((group) => [group.name, month, ...groupCells(group)]),
  )
  return [[by, 'month', ...figures], ...rows]
}

const figures = ['slas', 'met', 'missed', 'adherence', 'error_budget_left']

function groupCells({ slas, met, missed, adherence, errorBudgetLeft }: SlaGroupFragment): Cell[] {
  return [slas, met, missed, adherence, errorBudgetLeft]
}
