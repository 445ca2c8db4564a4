import type { Bar, Lane, Link, TimelinePages } from '@/features/timeline/timelineQueries'

export const now = Date.UTC(2026, 4, 1, 12)

/** So many minutes ago. */
export function minutes(ago: number): string {
  return new Date(now - ago * 60_000).toISOString()
}

/** A run from so many minutes ago to so many, as the timeline has it. */
export function aBar(runId: string, begin: number, end: number | null, state: Bar['state'] = 'SUCCESS'): Bar {
  return { runId, state, runCount: 1, beginsAt: minutes(begin), endsAt: end === null ? null : minutes(end) }
}

export function aLane(id: string, orchestrator: string, bars: Bar[] = []): Lane {
  return {
    runCount: bars.length,
    failedCount: bars.filter(({ state }) => state === 'FAILED').length,
    activeCount: bars.filter(({ state }) => state === 'RUNNING').length,
    bars,
    pipeline: {
      id,
      key: id,
      name: id,
      nextRunAt: null,
      isPaused: false,
      orchestrator: { id: orchestrator, name: orchestrator, kind: 'airflow' },
    },
  }
}

export function aLink(from: string, to: string): Link {
  const end = (runId: string): Link['upstream'] => ({
    runId,
    pipelineId: `pipeline of ${runId}`,
    name: `north/${runId}`,
    beginsAt: minutes(9),
    endsAt: minutes(8),
  })
  return { dependency: `${to}-after-${from}`, upstream: end(from), downstream: end(to) }
}

/** Each list is one loaded page. */
export function pagesOf(...pages: Lane[][]): TimelinePages {
  const names = [...new Set(pages.flat().map(({ pipeline }) => pipeline.orchestrator.name))]
  const groups = names.map((orchestrator) => ({
    orchestrator,
    laneCount: 1,
    failingCount: 0,
    activeCount: 0,
  }))
  return {
    pageParams: pages.map(() => null),
    pages: pages.map((lanes) => ({
      timeline: {
        totalCount: pages.flat().length,
        pageInfo: { hasNextPage: false, endCursor: null },
        groups,
        edges: lanes.map((node) => ({ node })),
        links: [],
      },
    })),
  }
}
