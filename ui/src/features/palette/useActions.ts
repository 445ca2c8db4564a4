import { askForToken, session, signOut } from '@/api/session'
import { useStore } from '@/api/store'
import { incidentQuery } from '@/features/incidents/incidentQueries'
import { toIncidentId } from '@/features/incidents/incidentId'
import { fullName } from '@/features/pipelines/nameContext'
import { whyNot } from '@/features/pipelines/PipelineActions'
import { pipelineQuery } from '@/features/pipelines/pipelineQueries'
import { theme, zone } from '@/features/preferences/preferences'
import { runQuery } from '@/features/runs/runQueries'
import { canCancel, canRetry } from '@/features/runs/runState'
import { useDefinitionRefusal } from '@/features/dependencies/permission'
import { useActionRefusal } from '@/features/session/permission'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { Item } from './items'
import { overlay, say } from './paletteStore'
import type { Question } from './Questions'

/** What can be done now: with what the page is about, and everywhere. */
export function useActions(ask: (question: Question) => void): { here: Item[]; actions: Item[] } {
  const refusal = useActionRefusal()
  const defining = useDefinitionRefusal()
  const here = [
    ...usePipelineActions(ask, refusal),
    ...useRunActions(ask, refusal),
    ...useIncidentActions(refusal),
  ]
  return { here, actions: [...usePreferenceActions(), ...pageActions(defining), ...useSessionActions()] }
}

type Ask = (question: Question) => void
type Refusal = string | undefined

function usePipelineActions(ask: Ask, refusal: Refusal): Item[] {
  const { pipelineId = '' } = useParams({ strict: false })
  const { data: pipeline } = useQuery({ ...pipelineQuery(pipelineId), enabled: pipelineId !== '' })
  if (!pipeline || pipelineId === '') return []
  const name = fullName(pipeline)
  return [
    {
      id: 'trigger',
      group: 'Here',
      title: `Trigger ${name}…`,
      words: 'start run now',
      unavailable: refusal ?? whyNot(pipeline, 'TRIGGER', 'trigger'),
      run: () => ask({ is: 'trigger', pipeline }),
    },
    {
      id: 'pause',
      group: 'Here',
      title: pipeline.isPaused ? `Resume the schedule of ${name}…` : `Pause the schedule of ${name}…`,
      words: 'pause resume unpause',
      unavailable: refusal ?? whyNot(pipeline, 'PAUSE', 'pause'),
      run: () => ask({ is: 'pause', pipeline }),
    },
    {
      id: 'lineage',
      group: 'Here',
      title: `Show the lineage of ${name}`,
      place: { to: '/lineage', search: { node: pipeline.id, selected: pipeline.id } },
    },
  ]
}

function useRunActions(ask: Ask, refusal: Refusal): Item[] {
  const { runId = '' } = useParams({ strict: false })
  const { data: run } = useQuery({ ...runQuery(runId), enabled: runId !== '' })
  if (!run || runId === '') return []
  const { pipeline } = run
  const name = fullName(pipeline)
  const [cancel, retry] = [canCancel(run), canRetry(run)]
  return [
    {
      id: 'cancel',
      group: 'Here',
      title: `Cancel this run of ${name}…`,
      words: 'stop kill',
      unavailable: refusal ?? (cancel.ok ? undefined : cancel.reason),
      run: () => ask({ is: 'cancel', run }),
    },
    {
      id: 'retry',
      group: 'Here',
      title: `Retry this run of ${name}…`,
      words: 'rerun again restart',
      unavailable: refusal ?? (retry.ok ? undefined : retry.reason),
      run: () => ask({ is: 'retry', run }),
    },
    {
      id: 'its pipeline',
      group: 'Here',
      title: `Go to the pipeline ${name}`,
      place: { to: '/pipelines/$pipelineId', params: { pipelineId: pipeline.id } },
    },
  ]
}

function useIncidentActions(refusal: Refusal): Item[] {
  const { incidentId = '' } = useParams({ strict: false })
  const { data: incident } = useQuery({
    ...incidentQuery(toIncidentId(incidentId)),
    enabled: incidentId !== '',
  })
  if (!incident || incidentId === '') return []
  return [
    {
      id: 'acknowledge',
      group: 'Here',
      title: 'Acknowledge this incident…',
      hint: incident.title,
      words: 'ack take care',
      unavailable: refusal ?? (incident.state === 'RESOLVED' ? 'It is over already' : undefined),
      place: { to: '/incidents/$incidentId', params: { incidentId }, search: { acknowledge: '1' } },
    },
  ]
}

function usePreferenceActions(): Item[] {
  const look = useStore(theme)
  const times = useStore(zone)
  const themes = [
    ['light', 'Use the light theme'],
    ['dark', 'Use the dark theme'],
    ['system', 'Use the system’s theme'],
  ] as const
  return [
    ...themes
      .filter(([value]) => value !== look)
      .map(([value, title]) => ({
        id: `theme ${value}`,
        group: 'Actions' as const,
        title,
        words: 'change theme mode colours appearance',
        run: () => theme.set(value),
      })),
    {
      id: 'zone',
      group: 'Actions',
      title: times === 'utc' ? 'Show local times' : 'Show times in UTC',
      words: 'zone clock utc local time',
      run: () => zone.set(times === 'utc' ? 'local' : 'utc'),
    },
  ]
}

function pageActions(refusal: Refusal): Item[] {
  return [
    {
      id: 'copy',
      group: 'Actions',
      title: 'Copy the link to this page',
      words: 'url address share clipboard',
      run: () => void copyLink(),
    },
    {
      id: 'new dependency',
      group: 'Actions',
      title: 'Make a dependency',
      words: 'new create add rule',
      unavailable: refusal,
      place: { to: '/new-dependency' },
    },
    {
      id: 'shortcuts',
      group: 'Actions',
      title: 'Show the keyboard shortcuts',
      words: 'keys help hotkeys',
      keys: '?',
      run: () => overlay.set('shortcuts'),
    },
  ]
}

/** A page that is not served over HTTPS may not write to the clipboard. */
async function copyLink(): Promise<void> {
  try {
    await navigator.clipboard.writeText(window.location.href)
    say('The link is copied.')
  } catch {
    say('The browser does not allow it: copy the link from the address bar.')
  }
}

function useSessionActions(): Item[] {
  const queries = useQueryClient()
  const { token, signInRequired } = useStore(session)
  if (signInRequired) {
    return [
      {
        id: 'sign in',
        group: 'Actions',
        title: 'Sign in…',
        words: 'login token',
        run: () => askForToken(true),
      },
    ]
  }
  if (token === null) return []
  const leave = (): void => {
    signOut()
    void queries.resetQueries()
  }
  return [{ id: 'sign out', group: 'Actions', title: 'Sign out', words: 'logout leave', run: leave }]
}
