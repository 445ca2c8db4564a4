import { Button } from '@/components/Button'
import { Panel } from '@/components/Panel'
import { Check, Copy } from 'lucide-react'
import { useRef, useState } from 'react'
import type { Dependency } from './dependencyQueries'
import { toYaml } from './dependencyYaml'
import styles from './YamlPanel.module.css'

/** A dependency as podium.yaml has it, to be copied. */
export function YamlPanel({ dependency }: { dependency: Dependency }) {
  const [said, setSaid] = useState<'copied' | 'selected' | null>(null)
  const shown = useRef<HTMLPreElement>(null)
  const yaml = toYaml(dependency)
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
      <p role="status" className={styles.said}>
        {said === 'selected' && 'It is selected: press Ctrl+C, or ⌘C.'}
      </p>
    </Panel>
  )
}
