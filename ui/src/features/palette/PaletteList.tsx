import { useLocalTimes } from '@/features/incidents/useLocalTimes'
import { KindMark } from '@/features/orchestrators/KindMark'
import {
  ArrowRight,
  Bookmark,
  Database,
  GitMerge,
  Handshake,
  type LucideIcon,
  MousePointerClick,
  Server,
  Siren,
  Workflow,
  Zap,
} from 'lucide-react'
import { Collection } from 'react-aria-components/Collection'
import { Header } from 'react-aria-components/Header'
import { ListBox, ListBoxItem, ListBoxSection } from 'react-aria-components/ListBox'
import type { Group, Item } from './items'
import { partsOf } from './matching'
import styles from './Palette.module.css'
import type { Answer } from './usePaletteItems'

interface PaletteListProps {
  answer: Answer
  /** What Enter opens as long as nothing else is pointed at */
  first: Item | undefined
  onChoose: (item: Item) => void
}

/** What was found, group by group. */
export function PaletteList({
  answer: { shown, words, isLooking, error },
  first,
  onChoose,
}: PaletteListProps) {
  const all = shown.flatMap(({ items }) => items)
  return (
    <ListBox
      aria-label="Found"
      className={styles.list ?? ''}
      items={shown}
      dependencies={[words.join(' '), first?.id]}
      disabledKeys={all.filter(({ unavailable }) => unavailable !== undefined).map(({ id }) => id)}
      onAction={(key) => {
        const chosen = all.find(({ id }) => id === key)
        if (chosen) onChoose(chosen)
      }}
      renderEmptyState={() => (
        <p className={styles.none}>
          {isLooking
            ? 'Looking…'
            : error
              ? 'Only what is on this page could be looked through.'
              : 'Nothing has such a name.'}
        </p>
      )}
    >
      {({ group, items }) => (
        <ListBoxSection id={`group ${group}`} className={styles.group ?? ''}>
          <Header className={styles.groupName ?? ''}>{group === 'Here' ? 'On this page' : group}</Header>
          <Collection items={items} dependencies={[words.join(' '), first?.id]}>
            {(item) => <Line item={item} words={words} isFirst={item.id === first?.id} />}
          </Collection>
        </ListBoxSection>
      )}
    </ListBox>
  )
}

function Line({ item, words, isFirst }: { item: Item; words: string[]; isFirst: boolean }) {
  const { id, unavailable, keys } = item
  const local = useLocalTimes()
  const title = local(item.title)
  const hint = local(item.hint ?? '')
  return (
    <ListBoxItem id={id} textValue={title} className={styles.item ?? ''} data-first={isFirst || undefined}>
      <Mark item={item} />
      <span className={styles.text}>
        <span className={styles.title}>
          <Marked text={title} words={words} />
        </span>
        {(unavailable ?? hint) && (
          <span className={styles.hint}>{unavailable ?? <Marked text={hint} words={words} />}</span>
        )}
      </span>
      {keys && (
        <span className={styles.keys} aria-hidden>
          {keys.split(' ').map((key) => (
            <kbd key={key} className={styles.key}>
              {key}
            </kbd>
          ))}
        </span>
      )}
    </ListBoxItem>
  )
}

/** What was typed stands out. */
function Marked({ text, words }: { text: string; words: string[] }) {
  return partsOf(text, words).map((part, at) =>
    part.isHit ? (
      <mark key={at} className={styles.hit}>
        {part.text}
      </mark>
    ) : (
      <span key={at}>{part.text}</span>
    ),
  )
}

const icons: Record<Group, LucideIcon> = {
  Recent: ArrowRight,
  Here: MousePointerClick,
  Views: Bookmark,
  Pages: ArrowRight,
  Pipelines: Workflow,
  Runs: Workflow,
  Incidents: Siren,
  SLAs: Handshake,
  Dependencies: GitMerge,
  Data: Database,
  Orchestrators: Server,
  Tasks: Workflow,
  Actions: Zap,
}

function Mark({ item: { group, of, kind } }: { item: Item }) {
  if (kind !== undefined) return <KindMark kind={kind} size="small" />
  const Icon = icons[of ?? group]
  return (
    <span className={styles.mark} aria-hidden>
      <Icon size={15} />
    </span>
  )
}
