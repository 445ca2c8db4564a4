import type { OrchestratorCardFragment, PipelineRowFragment, RunRowFragment } from '@/api/generated'

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
