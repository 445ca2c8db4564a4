import { Button } from '@/components/Button'
import { Check, ChevronsUp, Copy, RotateCw, WrapText } from 'lucide-react'
import { useState } from 'react'
import type { Tail } from './logLines'
import styles from './LogTail.module.css'

/** Whether new lines appear by themselves. */
export function Following({ isAtEnd, onFollow }: { isAtEnd: boolean; onFollow: () => void }) {
  if (isAtEnd) return <span className={styles.following}>Following</span>
  return (
    <>
      <span>Paused while you read</span>
      <Button look="quiet" onPress={onFollow}>
        Follow
      </Button>
    </>
  )
}

interface MoreLinesProps {
  next: Tail | null
  isPending: boolean
  onMore: (tail: Tail) => void
}

export function MoreLines({ next, isPending, onMore }: MoreLinesProps) {
  if (next === null) return null
  return (
    <Button look="quiet" isPending={isPending} onPress={() => onMore(next)}>
      <ChevronsUp aria-hidden size={15} /> More lines
    </Button>
  )
}

interface TextToolsProps {
  text: string
  isWrapped: boolean
  onWrap: (isWrapped: boolean) => void
}

/** How the lines are shown, and the way to take them along. */
export function TextTools({ text, isWrapped, onWrap }: TextToolsProps) {
  return (
    <>
      <Button look="quiet" aria-pressed={isWrapped} onPress={() => onWrap(!isWrapped)}>
        <WrapText aria-hidden size={15} /> Wrap lines
      </Button>
      <CopyLog text={text} />
    </>
  )
}

function CopyLog({ text }: { text: string }) {
  const [said, setSaid] = useState<'copied' | 'refused' | null>(null)
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text)
      setSaid('copied')
    } catch {
      // Over plain HTTP a browser has no clipboard for pages.
      setSaid('refused')
    }
  }
  return (
    <>
      <Button look="quiet" onPress={() => void copy()}>
        {said === 'copied' ? <Check aria-hidden size={15} /> : <Copy aria-hidden size={15} />}
        {said === 'copied' ? 'Copied' : 'Copy'}
      </Button>
      <span role="status">
        {said === 'refused' && 'The browser does not allow it: select the text and copy it.'}
      </span>
    </>
  )
}

export function ReloadLog({ isPending, onReload }: { isPending: boolean; onReload: () => void }) {
  return (
    <Button look="quiet" isPending={isPending} onPress={onReload}>
      <RotateCw aria-hidden size={15} /> Reload
    </Button>
  )
}
