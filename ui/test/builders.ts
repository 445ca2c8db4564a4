import type {
  IncidentLineFragment,
  OrchestratorCardFragment,
  PipelineRowFragment,
  RunRowFragment,
} from '@/api/generated'
import type { Condition, Firing, ListedDependency } from '@/features/dependencies/dependencyQueries'
import type { IncidentDetail, Signal } from '@/features/incidents/incidentQueries'
import type { SlaLine, Standing } from '@/features/slas/slaQueries'

/** Records as the API sends them; a test names only what it is about. */
export function aRun(given: Partial<RunRowFragment> = {}): RunRowFragment {
  return {
    id: 'run-1',
    externalId: 'scheduled__2026-05-01',
    state: 'SUCCESS',
    nativeState: 'success',
    trigger: 'SCHEDULE',
    logicalAt: null,
    partition: null,
    queuedAt: '2026-05-01T07:00:00Z',
    startedAt: '2026-05-01T07:00:02Z',
    endedAt: '2026-05-01T07:01:02Z',
    attempt: 1,
    url: 'https://airflow.example.com/dags/ingest/runs/1',
    observedAt: '2026-05-01T07:01:03Z',
    pipeline: aPipeline(),
    ...given,
  }
}

export function aPipeline(given: Partial<PipelineRowFragment> = {}): PipelineRowFragment {
  return {
    id: 'pipeline-1',
    key: 'ingest_sales',
    name: 'Ingest sales',
    owners: [],
    tags: [],
    schedule: '0 6 * * *',
    timezone: 'UTC',
    nextRunAt: null,
    isPaused: false,
    isActive: true,
    url: null,
    latestRun: null,
    orchestrator: {
      id: 'orchestrator-1',
      name: 'airflow-prod',
      kind: 'airflow',
      capabilities: ['TRIGGER', 'CANCEL', 'RETRY', 'PAUSE', 'LOGS'],
    },
    ...given,
  }
}

export function anOrchestrator(given: Partial<OrchestratorCardFragment> = {}): OrchestratorCardFragment {
  return {
    id: 'orchestrator-1',
    name: 'airflow-prod',
    kind: 'airflow',
    url: 'https://airflow.example.com',
    version: '3.3.2',
    status: 'HEALTHY',
    statusSince: '2026-05-01T06:00:00Z',
    statusMessage: null,
    lastSyncedAt: '2026-05-01T07:00:00Z',
    capabilities: [],
    pipelines: { totalCount: 12 },
    ...given,
  }
}

export function aSignal(given: Partial<Signal> = {}): Signal {
  return {
    id: 'signal-1',
    kind: 'RUN_FAILED',
    at: '2026-05-01T07:01:02Z',
    endedAt: null,
    times: 1,
    severity: 'ERROR',
    message: 'airflow-prod/ingest_sales failed (run 1)',
    labels: {
      signal: 'run_failed',
      severity: 'error',
      orchestrator: 'airflow-prod',
      pipeline: 'ingest_sales',
    },
    orchestrator: {
      id: 'orchestrator-1',
      name: 'airflow-prod',
      kind: 'airflow',
      url: 'https://airflow.example.com',
    },
    pipeline: { id: 'pipeline-1', key: 'ingest_sales', name: 'Ingest sales', url: null },
    run: { id: 'run-1', externalId: '1', url: 'https://airflow.example.com/runs/1' },
    dataset: null,
    sla: null,
    dependency: null,
    ...given,
  }
}

const anyRow = {
  // btoa('Incident:12')
  id: 'SW5jaWRlbnQ6MTI',
  title: 'airflow-prod/ingest_sales failed (run 1)',
  severity: 'ERROR' as const,
  state: 'OPEN' as const,
  openedAt: '2026-05-01T07:01:10Z',
  acknowledgedAt: null,
  acknowledgedBy: null,
  resolvedAt: null,
  reopened: 0,
}

/** An incident as lists have it. */
export function anIncidentLine(given: Partial<IncidentLineFragment> = {}): IncidentLineFragment {
  const orchestrator = { id: 'orchestrator-1', name: 'airflow-prod', kind: 'airflow' }
  return {
    ...anyRow,
    cause: { id: 'signal-1', kind: 'RUN_FAILED', orchestrator },
    impact: { pipelines: [{ id: 'pipeline-1' }], datasets: [], slas: [], owners: [] },
    ...given,
  }
}

/** An incident as its own page has it. */
export function anIncident(given: Partial<IncidentDetail> = {}): IncidentDetail {
  const signal = aSignal()
  return {
    __typename: 'Incident',
    ...anyRow,
    mergedInto: null,
    cause: signal,
    rootCause: { node: { __typename: 'Pipeline', id: 'pipeline-1' } },
    signals: [signal],
    impact: { pipelines: [anImpactedPipeline()], datasets: [], slas: [], owners: [], orchestrators: [] },
    notifications: [],
    timeline: [],
    ...given,
  }
}

type ImpactedPipeline = IncidentDetail['impact']['pipelines'][number]

export function anImpactedPipeline(given: Partial<ImpactedPipeline> = {}): ImpactedPipeline {
  return {
    id: 'pipeline-1',
    key: 'ingest_sales',
    name: 'ingest_sales',
    owners: [],
    orchestrator: { id: 'orchestrator-1', name: 'airflow-prod', kind: 'airflow' },
    ...given,
  }
}

/** How a promise stands, as the API sends it. */
export function aStanding(given: Partial<Standing> = {}): Standing {
  return {
    id: 'evaluation-1',
    key: '2026-05-01',
    state: 'ON_TRACK',
    reason: 'forecast_in_time',
    opensAt: '2026-04-30T22:00:00Z',
    dueAt: '2026-05-01T09:00:00Z',
    completedAt: null,
    lateBy: null,
    measured: null,
    isFinal: false,
    predictedAt: '2026-05-01T08:00:00Z',
    predictedLow: '2026-05-01T07:30:00Z',
    predictedHigh: '2026-05-01T08:45:00Z',
    breachProbability: 0.02,
    evaluatedAt: '2026-05-01T07:00:00Z',
    criticalPath: [],
    ...given,
  }
}

export function aSla(given: Partial<SlaLine> = {}): SlaLine {
  const orchestrator = { id: 'orchestrator-1', name: 'airflow-prod', kind: 'airflow' }
  return {
    id: 'sla-1',
    name: 'sales-by-nine',
    owner: 'sales',
    kind: 'DEADLINE',
    deadline: '09:00',
    dataDay: null,
    timezone: 'UTC',
    calendar: null,
    daysOff: [],
    limit: null,
    deviations: null,
    targetRate: null,
    window: null,
    objective: 0.99,
    isEnabled: true,
    targetName: 'airflow-prod/ingest_sales',
    pipeline: { id: 'pipeline-1', key: 'ingest_sales', name: 'Ingest sales', orchestrator },
    dataset: null,
    current: aStanding(),
    adherence: 0.995,
    errorBudgetLeft: 0.5,
    ...given,
  }
}

export function aCondition(name: string, given: Partial<Condition> = {}): Condition {
  return {
    name,
    states: ['SUCCESS'],
    freshWithin: null,
    offset: 0,
    every: null,
    task: null,
    partitions: [],
    cron: null,
    lasts: null,
    pipeline: null,
    ...given,
  }
}

/** That waits for all of some pipelines, unless its expression says otherwise. */
export function aDependency(
  upstream: Condition[] = [
    aCondition('airflow-prod/ingest_sales'),
    aCondition('prefect-crm/crm-sync/hourly'),
  ],
  given: Partial<ListedDependency> = {},
): ListedDependency {
  const names = upstream.map(({ name }) => name)
  return {
    id: 'dependency-1',
    name: 'marts-after-ingest',
    description: null,
    mode: 'ALL',
    expression: names.length > 1 ? `all of (${names.join(', ')})` : (names[0] ?? ''),
    upstream,
    parameters: {},
    partition: null,
    keyedBy: 'DAY',
    timezone: 'Europe/Zurich',
    timeout: null,
    isEnabled: true,
    isPaused: false,
    origin: 'CONFIG',
    onRerun: 'IGNORE',
    maxActive: null,
    maxPerMinute: null,
    allowCycle: false,
    targetName: 'dagster-analytics/marts',
    newest: null,
    knownTarget: null,
    ...given,
  }
}

export function aFiring(given: Partial<Firing> = {}): Firing {
  return {
    id: 'firing-1',
    key: '2026-05-01',
    generation: 1,
    state: 'WAITING',
    attempts: 0,
    isPossibleDouble: false,
    lastError: null,
    createdAt: '2026-05-01T07:00:00Z',
    triggeredAt: null,
    endedAt: null,
    expiresAt: null,
    asks: false,
    satisfied: [{ isSatisfied: true }, { isSatisfied: false }],
    run: null,
    ...given,
  }
}
