import { ErrorNotice } from '@/components/Notice'
import { KindMark } from '@/features/orchestrators/KindMark'
import { useQuery } from '@tanstack/react-query'
import { Cog, Database, Search } from 'lucide-react'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { ComboBox } from 'react-aria-components/ComboBox'
import { Input } from 'react-aria-components/Input'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import { Text } from 'react-aria-components/Text'
import picker from '@/components/Picker.module.css'
import { type FoundNode, searchQuery } from './lineageQueries'
import styles from './LineageSearch.module.css'
import { typeWords } from './looks'

/** So many milliseconds after the last key the question is asked. */
const settleAfter = 200

/** Finds what to begin with, by a part of its name; the key / leads here. */
export function LineageSearch({ onFound }: { onFound: (id: string) => void }) {
  const [typed, setTyped] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const wanted = typed.trim()
  const { found, isAnswered, error, retry } = useFound(wanted)
  useSlash(input)
  return (
    <div className={styles.finder}>
      <ComboBox
        aria-label="Search datasets, pipelines and jobs"
        className={styles.search ?? ''}
        inputValue={typed}
        onInputChange={setTyped}
        items={found}
        value={null}
        onChange={(id) => {
          if (id === null) return
          setTyped('')
          onFound(String(id))
        }}
        menuTrigger="input"
        allowsEmptyCollection={wanted !== '' && error === null}
        allowsCustomValue
      >
        <Search aria-hidden size={15} className={styles.icon} />
        <Input ref={input} placeholder="Search datasets, pipelines and jobs" className={styles.input ?? ''} />
        <kbd className={styles.key} aria-hidden>
          /
        </kbd>
        <Popover className={picker.popover ?? ''} placement="bottom start">
          <ListBox
            className={picker.list ?? ''}
            renderEmptyState={() => (
              <p className={styles.none}>{isAnswered ? 'Nothing has such a name.' : 'Searching…'}</p>
            )}
          >
            {(node: FoundNode) => (
              <ListBoxItem
                id={node.id}
                textValue={node.name}
                className={`${picker.item ?? ''} ${styles.item ?? ''}`}
              >
                <FoundMark node={node} />
                <span className={styles.text}>
                  <Text slot="label" className={styles.name ?? ''}>
                    {node.name}
                  </Text>
                  <Text slot="description" className={styles.where ?? ''}>
                    {typeWords[node.__typename]} · {whereIs(node)}
                  </Text>
                </span>
              </ListBoxItem>
            )}
          </ListBox>
        </Popover>
      </ComboBox>
      {error && <ErrorNotice error={error} onRetry={retry} />}
    </div>
  )
}

export function FoundMark({ node }: { node: FoundNode }) {
  if (node.__typename === 'Pipeline') return <KindMark kind={node.orchestrator.kind} size="small" />
  const Icon = node.__typename === 'Dataset' ? Database : Cog
  return (
    <span className={styles.mark} aria-hidden>
      <Icon size={14} />
    </span>
  )
}

export function whereIs(node: FoundNode): string {
  return node.__typename === 'Pipeline' ? node.orchestrator.name : node.namespace
}

/** What has such a name, as soon as nobody types any more. */
function useFound(wanted: string) {
  const asked = useSettled(wanted)
  const { data = [], isSuccess, isPlaceholderData, error, refetch } = useQuery(searchQuery(asked))
  return {
    found: wanted === '' ? [] : data,
    isAnswered: isSuccess && !isPlaceholderData && asked === wanted,
    error: wanted === '' ? null : error,
    retry: () => void refetch(),
  }
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(text), settleAfter)
    return () => window.clearTimeout(timer)
  }, [text])
  return settled
}

function useSlash(input: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof HTMLElement && event.target.matches('input, textarea, select')
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return
      event.preventDefault()
      input.current?.focus()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [input])
}
