import { Badge } from '@/components/Badge'
import { Button } from '@/components/Button'
import { KindMark } from '@/features/orchestrators/KindMark'
import { PipelineName } from '@/features/pipelines/PipelineName'
import { slaStates } from '@/features/slas/slaStates'
import { Link } from '@tanstack/react-router'
import { Database, Handshake, UserRound } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import styles from './ImpactLists.module.css'
import type { Impact } from './incidentQueries'

/** All that comes after what is wrong, by what it is. */
export function ImpactLists({ impact }: { impact: Impact }) {
  return (
    <div className={styles.lists}>
      <Listed
        title="Pipelines"
        items={impact.pipelines.map((pipeline) => (
          <Item
            key={pipeline.id}
            mark={<KindMark kind={pipeline.orchestrator.kind} size="small" />}
            name={
              <Link to="/pipelines/$pipelineId" params={{ pipelineId: pipeline.id }}>
                <PipelineName pipeline={pipeline} />
              </Link>
            }
            under={[pipeline.orchestrator.name, ...pipeline.owners].join(' · ')}
          />
        ))}
      />
      <Listed
        title="Datasets"
        items={impact.datasets.map(({ id, name, namespace, owners }) => (
          <Item
            key={id}
            mark={<Database size={14} />}
            name={
              <Link to="/lineage" search={{ node: id, selected: id }}>
                {name}
              </Link>
            }
            under={[namespace, ...owners].join(' · ')}
          />
        ))}
      />
      <Listed
        title="SLAs"
        items={impact.slas.map(({ id, name, targetName, owner, current }) => (
          <Item
            key={id}
            mark={<Handshake size={14} />}
            name={
              <Link to="/slas/$slaName" params={{ slaName: name }}>
                {name}
              </Link>
            }
            under={[targetName, ...(owner ? [owner] : [])].join(' · ')}
            standing={current && <Badge {...slaStates[current.state]} />}
          />
        ))}
      />
      <Listed
        title="Owners"
        items={impact.owners.map((owner) => (
          <Item key={owner} mark={<UserRound size={14} />} name={owner} />
        ))}
      />
    </div>
  )
}

const shownAtFirst = 6

function Listed({ title, items }: { title: string; items: ReactNode[] }) {
  const [isWhole, setWhole] = useState(false)
  const id = useId()
  if (items.length === 0) return null
  const more = items.length - shownAtFirst
  return (
    <section aria-labelledby={id} className={styles.listed}>
      <h3 id={id} className={styles.title}>
        {title} <span className={styles.count}>{items.length.toLocaleString('en')}</span>
      </h3>
      <ul>{isWhole ? items : items.slice(0, shownAtFirst)}</ul>
      {more > 0 && (
        <Button look="quiet" onPress={() => setWhole(!isWhole)}>
          {isWhole ? 'Show fewer' : `Show ${more.toLocaleString('en')} more`}
        </Button>
      )}
    </section>
  )
}

interface ItemProps {
  mark: ReactNode
  name: ReactNode
  under?: string
  standing?: ReactNode
}

function Item({ mark, name, under, standing }: ItemProps) {
  return (
    <li className={styles.item}>
      <span className={styles.mark} aria-hidden>
        {mark}
      </span>
      <span className={styles.text}>
        <span className={styles.name}>{name}</span>
        {under && <span className={styles.under}>{under}</span>}
        {standing}
      </span>
    </li>
  )
}
