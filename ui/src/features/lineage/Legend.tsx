import { kindName } from '@/features/orchestrators/orchestratorStatus'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Shown } from './graph'
import { HealthMark } from './HealthMark'
import hues from './hues.module.css'
import canvas from './LineageCanvas.module.css'
import { type Trouble, troubleQuery } from './lineageQueries'
import styles from './LineageTools.module.css'
import type { LineageSearch } from './lineageSearch'
import { healthOf, huesOf, signsOf } from './looks'

const healths = [
  ['good', 'Well'],
  ['active', 'Running'],
  ['caution', 'Warning'],
  ['bad', 'Failed, or an open incident'],
  ['none', 'Not known'],
] as const

const noTroubles = new Map<string, Trouble>()

/** What colours, lines and signs say, as far as they are in sight. */
export function Legend({ search, shown }: { search: LineageSearch; shown: Shown }) {
  return (
    <ul className={styles.legend} aria-label="Legend">
      {search.colour === 'health' ? <Healths /> : <Orchestrators shown={shown} />}
      {search.view !== 'list' && <Lines shown={shown} />}
      <Signs shown={shown} />
    </ul>
  )
}

function Healths() {
  return healths.map(([tone, word]) => (
    <li key={tone}>
      <i className={`${styles.swatch ?? ''} ${hues['hued'] ?? ''}`} data-tone={tone} /> {word}
    </li>
  ))
}

function Orchestrators({ shown }: { shown: Shown }) {
  const kinds = new Map(shown.nodes.map(({ orchestrator, kind }) => [orchestrator, kind]))
  return (
    <>
      {[...huesOf(shown.nodes)].map(([name, hue]) => (
        <li key={name}>
          <i className={`${styles.swatch ?? ''} ${hues['hued'] ?? ''}`} data-hue={hue} />
          {name} <span className={styles.kind}>{kindName(kinds.get(name) ?? '')}</span>
        </li>
      ))}
      {shown.nodes.some(({ type }) => type === 'Dataset') && (
        <li>
          <i className={styles.swatch} data-round /> Datasets
        </li>
      )}
    </>
  )
}

const lines = [
  ['DATA', 'Data flows'],
  ['DEPENDENCY', 'Waits for it, no data flows'],
  ['PARENT', 'Starts it'],
] as const

function Lines({ shown }: { shown: Shown }) {
  const kinds = new Set(shown.edges.map(({ kind }) => kind))
  return lines
    .filter(([kind]) => kinds.has(kind))
    .map(([kind, word]) => (
      <li key={kind}>
        <svg aria-hidden width={26} height={8} className={canvas.edge} data-kind={kind}>
          <path className={canvas.line} d="M1 4H25" />
        </svg>
        {word}
      </li>
    ))
}

function Signs({ shown }: { shown: Shown }) {
  const { data: troubles } = useQuery(troubleQuery)
  const signs = useMemo(
    () => signsOf(shown.nodes.map((node) => healthOf(node, shown, troubles ?? noTroubles))),
    [shown, troubles],
  )
  return signs.map(({ word, health }) => (
    <li key={word}>
      <HealthMark health={health} /> {word}
    </li>
  ))
}
