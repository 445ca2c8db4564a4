import type { DependencyInput } from '@/api/generated'
import { Button } from '@/components/Button'
import { Panel } from '@/components/Panel'
import { Check, Copy } from 'lucide-react'
import { useRef, useState } from 'react'
import { toYaml } from './dependencyYaml'
import styles from './YamlPanel.module.css'

interface YamlPanelProps {
  dependency: DependencyInput
  /** What is still to be said before it can be used */
  note?: string | undefined
}

/** A dependency as podium.yaml has it, to be copied. */
export function YamlPanel({ dependency, note }: YamlPanelProps) {
  const yaml = toYaml(dependency)
  const [told, setTold] = useState({ of: '', how: 'copied' })
  // What has changed since is not what was copied.
  const said = told.of === yaml ? told.how : null
  const setSaid = (how: 'copied' | 'selected'): void => setTold({ of: yaml, how })
  const shown = useRef<HTMLPreElement>(null)
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(yaml)
      setSaid('copied')
    } catch {
      // Over plain HTTP a browser has no clipboard for pages.
      if (shown.current) window.getSelection()?.selectAllChildren(shown.current)
      setSaid('selected')
    }
  }
  return (
    <Panel
      title="As YAML"
      tools={
        <Button onPress={() => void copy()}>
          {said === 'copied' ? <Check aria-hidden size={15} /> : <Copy aria-hidden size={15} />}
          {said === 'copied' ? 'Copied' : 'Copy as YAML'}
        </Button>
      }
    >
      <pre ref={shown} className={styles.yaml} tabIndex={0} role="region" aria-label="Its definition as YAML">
        {yaml}
      </pre>
      {note && <p className={styles.said}>{note}</p>}
      <p role="status" className={styles.said}>
        {said === 'selected' && 'It is selected: press Ctrl+C, or ⌘C.'}
      </p>
    </Panel>
  )
}
