import { Button } from '@/components/Button'
import type { GraphNode, Role, Shown } from './graph'
import type { NodeLook } from './GraphNodeMark'
import styles from './LineageList.module.css'
import { typeWords } from './looks'

interface LineageListProps {
  shown: Shown
  selected: string | null
  roles: Map<string, Role>
  lookOf: (id: string) => NodeLook
  onSelect: (id: string) => void
  onToggle: (id: string) => void
}

/** The same graph in words: step by step, each node with what it comes from and what it goes to. */
export function LineageList({ shown, ...parts }: LineageListProps) {
  const steps = [...new Set(shown.steps.values())].sort((a, b) => a - b)
  return (
    <div className={styles.list} role="region" aria-label="Lineage list" tabIndex={0}>
      {steps.map((step) => (
        <section key={step}>
          <h2 className={styles.step}>{stepWords(step)}</h2>
          <ul>
            {shown.nodes
              .filter(({ id }) => shown.steps.get(id) === step)
              .map((node) => (
                <Row key={node.id} node={node} shown={shown} {...parts} />
              ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

function stepWords(step: number): string {
  if (step === 0) return 'Start'
  const count = Math.abs(step)
  return `${count} step${count === 1 ? '' : 's'} ${step < 0 ? 'before' : 'after'}`
}

function Row({
  node,
  shown,
  selected,
  roles,
  lookOf,
  onSelect,
  onToggle,
}: LineageListProps & { node: GraphNode }) {
  const { health, rows } = lookOf(node.id)
  const { up, down } = shown.hidden.get(node.id) ?? { up: 0, down: 0 }
  const names = (side: 'up' | 'down'): string => {
    const near = shown.near[side].get(node.id) ?? new Set()
    return shown.nodes
      .filter(({ id }) => near.has(id))
      .map(({ name }) => name)
      .join(', ')
  }
  const [from, to] = [names('up'), names('down')]
  return (
    <li className={styles.row} data-role={roles.get(node.id)}>
      <button
        type="button"
        className={styles.name}
        aria-pressed={node.id === selected}
        onClick={() => onSelect(node.id)}
      >
        {node.name}
      </button>
      <span className={styles.quiet}>
        {typeWords[node.type]} · {node.where}
        {health && ` · ${health.word}`}
      </span>
      {rows.length > 0 && (
        <span className={styles.quiet}>columns {rows.map(({ name }) => name).join(', ')}</span>
      )}
      {from && <span className={styles.quiet}>from {from}</span>}
      {to && <span className={styles.quiet}>to {to}</span>}
      {up + down > 0 && (
        <Button look="quiet" onPress={() => onToggle(node.id)}>
          Show {up + down} more
        </Button>
      )}
    </li>
  )
}
