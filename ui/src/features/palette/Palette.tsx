import { ErrorNotice } from '@/components/Notice'
import { type NavigateOptions, useNavigate } from '@tanstack/react-router'
import { LoaderCircle, Search } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { Autocomplete } from 'react-aria-components/Autocomplete'
import { Dialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Input } from 'react-aria-components/Input'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { SearchField } from 'react-aria-components/SearchField'
import { takeEarlyKeys } from './earlyKeys'
import type { Item } from './items'
import styles from './Palette.module.css'
import { PaletteList } from './PaletteList'
import type { Question } from './Questions'
import { remember } from './recent'
import { type Answer, usePaletteItems } from './usePaletteItems'

interface PaletteProps {
  onClose: () => void
  ask: (question: Question) => void
}

/** Finds anything by what is typed, and does what can be done; all by keyboard. */
export default function Palette({ onClose, ask }: PaletteProps) {
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose()
      }}
      className={styles.scrim ?? ''}
    >
      <Modal className={styles.modal ?? ''}>
        <Dialog className={styles.dialog ?? ''}>
          <Heading slot="title" className="visually-hidden">
            Find anything
          </Heading>
          <Finder onClose={onClose} ask={ask} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

function Finder({ onClose, ask }: PaletteProps) {
  const [typed, setTyped] = useState('')
  // Enter came before the answer did.
  const [eager, setEager] = useState<string | null>(null)
  const input = useRef<HTMLInputElement>(null)
  const answer = usePaletteItems(typed, ask)
  const choose = useChoose(onClose)
  const first = answer.shown
    .flatMap(({ items }) => items)
    .find(({ unavailable }) => unavailable === undefined)
  useEffect(() => {
    if (first && eager === typed && !answer.isLooking) choose(first)
  })
  const onFocus = (): void => {
    const { text, isEntered } = takeEarlyKeys()
    if (text !== '') setTyped(text)
    if (isEntered) setEager(text)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    // Until the arrows have gone somewhere, Enter means the first.
    const isSomewhere = input.current?.hasAttribute('aria-activedescendant') ?? false
    if (
      event.key !== 'Enter' ||
      event.nativeEvent.isComposing ||
      isSomewhere ||
      event.target !== input.current
    )
      return
    event.preventDefault()
    event.stopPropagation()
    if (first) choose(first)
    else setEager(typed)
  }
  return (
    <Autocomplete inputValue={typed} onInputChange={setTyped} disableAutoFocusFirst>
      <div onKeyDownCapture={onKeyDown} className={styles.top}>
        <SearchField aria-label="Find anything" autoFocus className={styles.field ?? ''}>
          {answer.isLooking ? (
            <LoaderCircle aria-hidden size={18} className={styles.turning} />
          ) : (
            <Search aria-hidden size={18} />
          )}
          <Input
            ref={input}
            onFocus={onFocus}
            role="combobox"
            aria-expanded
            placeholder="Find pipelines, runs, SLAs, data, pages, actions…"
            className={styles.input ?? ''}
          />
          <kbd className={styles.key}>Esc</kbd>
        </SearchField>
      </div>
      <Trouble answer={answer} />
      <PaletteList answer={answer} first={first} onChoose={choose} />
      <p className={styles.foot} aria-hidden>
        <kbd className={styles.key}>↑</kbd> <kbd className={styles.key}>↓</kbd> to move{' '}
        <kbd className={styles.key}>↵</kbd> to open <kbd className={styles.key}>?</kbd> on a page: all keys
      </p>
      <p role="status" className="visually-hidden">
        {countWords(answer, typed)}
      </p>
    </Autocomplete>
  )
}

function Trouble({ answer }: { answer: Answer }) {
  if (!answer.error) return null
  return (
    <div className={styles.trouble}>
      <ErrorNotice error={answer.error} onRetry={answer.retry} />
    </div>
  )
}

/** Does what an item says, or goes where it leads. */
function useChoose(onClose: () => void): (item: Item) => void {
  const navigate = useNavigate()
  return (item) => {
    onClose()
    remember(item)
    item.run?.()
    if (item.place) void navigate(item.place as NavigateOptions)
  }
}

function countWords({ shown, isLooking }: Answer, typed: string): string {
  if (typed.trim() === '' || isLooking) return ''
  const count = shown.reduce((sum, { items }) => sum + items.length, 0)
  return count === 1 ? '1 found' : `${count} found`
}
