import { Button } from '@/components/Button'
import { Panel } from '@/components/Panel'
import { useMedia } from '@/components/useMedia'
import { DependencyMapView } from './DependencyMapView'
import type { ListedDependency } from './dependencyQueries'
import { type DependencySearch, orchestratorsOf } from './dependencySearch'
import styles from './MapPanel.module.css'

/** More on one map would be a knot. */
const most = 60

interface MapPanelProps {
  /** As they are filtered */
  dependencies: ListedDependency[]
  search: DependencySearch
  onChange: (search: DependencySearch) => void
}

/** The map, or why there is none; on phones it is opened by whoever wants it. */
export function MapPanel(props: MapPanelProps) {
  const isNarrow = useMedia('(max-width: 44rem)')
  const { dependencies } = props
  const content =
    dependencies.length > most ? <TooMany {...props} /> : <DependencyMapView {...{ dependencies }} />
  if (!isNarrow) return <Panel title="Map">{content}</Panel>
  return (
    <details className={styles.folded}>
      <summary>Map</summary>
      {content}
    </details>
  )
}

function TooMany({ dependencies, search, onChange }: MapPanelProps) {
  const counts = new Map<string, number>()
  for (const dependency of dependencies) {
    for (const name of orchestratorsOf(dependency)) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  // Those of which there are too many as well would lead nowhere.
  const names = [...counts.keys()].filter((name) => (counts.get(name) ?? 0) <= most).toSorted()
  return (
    <div className={styles.many}>
      <p>
        The map shows {most} dependencies at most, and these are {dependencies.length.toLocaleString('en')}.
        Search for some above{names.length > 0 ? ', or show those of one orchestrator:' : '.'}
      </p>
      {names.length > 0 && (
        <ul className={styles.choices}>
          {names.map((name) => (
            <li key={name}>
              <Button onPress={() => onChange({ ...search, orchestrator: name })}>
                {name} ({(counts.get(name) ?? 0).toLocaleString('en')})
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
