import { KindMark } from '@/features/orchestrators/KindMark'
import { Label } from 'react-aria-components/Label'
import { RadioButton, RadioField, RadioGroup } from 'react-aria-components/RadioGroup'
import styles from './Connect.module.css'
import type { Kind } from './connectQueries'

interface KindCardsProps {
  kinds: Kind[]
  chosen: string | null
  onChoose: (kind: string) => void
}

/** Which product it is. */
export function KindCards({ kinds, chosen, onChoose }: KindCardsProps) {
  return (
    <RadioGroup value={chosen} onChange={onChoose} className={styles.kinds ?? ''}>
      <Label className={styles.question ?? ''}>What do you run?</Label>
      <div className={styles.cards}>
        {kinds.map(({ kind, title, supportedVersions }) => (
          <RadioField key={kind} value={kind} className={styles.kindField ?? ''}>
            <RadioButton className={styles.kind ?? ''}>
              <KindMark kind={kind} />
              <span>
                <span className={styles.title}>{title}</span>
                <span className={styles.versions}>{versionWords(supportedVersions)}</span>
              </span>
            </RadioButton>
          </RadioField>
        ))}
      </div>
    </RadioGroup>
  )
}

function versionWords(versions: string[]): string {
  return `${versions.length === 1 ? 'Version' : 'Versions'} ${versions.join(' or ')}`
}
