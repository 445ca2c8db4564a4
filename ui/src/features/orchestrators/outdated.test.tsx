import { render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { anOrchestrator } from '../../../test/builders'
import { RunElapsed } from '@/features/runs/RunElapsed'
import { RunStateBadge } from '@/features/runs/StateBadge'
import { outdatedByName, outdatedWords } from './outdated'
import { OutdatedContext } from './useOutdated'

const now = Date.parse('2026-05-01T07:12:00Z')
const down = anOrchestrator({ name: 'airflow-prod', status: 'UNREACHABLE' })
const locked = anOrchestrator({ name: 'locked', status: 'UNAUTHORIZED', lastSyncedAt: null })
const lagging = anOrchestrator({ name: 'slow', status: 'DEGRADED' })

test('only what Podium does not get through to is old, and says since when and why', () => {
  const found = outdatedByName([down, locked, lagging, anOrchestrator({ name: 'well' })])
  const words = Object.entries(found).map(([name, one]) => outdatedWords(name, one, now))
  expect(words).toEqual([
    'last known 12 min ago, airflow-prod is unreachable',
    'never read, locked does not let Podium in',
  ])
})

test('a run of an orchestrator that is down no longer ticks, and its state is as last known', () => {
  const run = { state: 'RUNNING', startedAt: '2026-05-01T06:57:27Z', endedAt: null }
  render(
    <OutdatedContext value={outdatedByName([down])}>
      <RunElapsed run={run} orchestrator="airflow-prod" />
      <RunStateBadge state="RUNNING" nativeState="running" orchestrator="airflow-prod" />
    </OutdatedContext>,
  )
  expect(screen.getByText(/> 2m 33s/)).toBeInTheDocument()
  expect(screen.getByTitle(/last known .* ago, airflow-prod is unreachable/)).toHaveTextContent('Running')
})
