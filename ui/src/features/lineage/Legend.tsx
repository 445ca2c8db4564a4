import { kindName } from '@/features/orchestrators/orchestratorStatus'
import type { Shown } from './graph'
import hues from './hues.module.css'
import styles from './LineageTools.module.css'
import type { LineageSearch } from './lineageSearch'
import { huesOf } from './looks'

const healths = [
  ['good', 'Well'],
  ['active', 'Running'],
  ['caution', 'Warning'],
  ['bad', 'Failed, or an open incident'],
  ['none', 'Not known'],
] as const

/** What the colours say. */
export function Legend({ search, shown }: { search: LineageSearch; shown: Shown }) {
  if (search.colour === 'health') {
    return (
      <ul className={styles.legend} aria-label="Colours">
        {healths.map(([tone, word]) => (
          <li key={tone}>
            <i className={`${styles.swatch ?? ''} ${hues['hued'] ?? ''}`} data-tone={tone} /> {word}
          </li>
        ))}
      </ul>
    )
  }
  const kinds = new Map(shown.nodes.map(({ orchestrator, kind }) => [orchestrator, kind]))
  return (
    <ul className={styles.legend} aria-label="Colours">
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
    </ul>
  )
}
