import { Dialog } from '@/components/Dialog'
import { pages } from './pages'
import { paletteKey } from './paletteStore'
import styles from './Shortcuts.module.css'

const groups: { name: string; keys: [keys: string[], what: string][] }[] = [
  {
    name: 'Everywhere',
    keys: [
      [[paletteKey], 'Find anything, do anything'],
      [['/'], 'Search on this page'],
      [['?'], 'These keys'],
      [['Esc'], 'Close what is open'],
    ],
  },
  { name: 'Go to', keys: pages.map(({ key, name }) => [['g', key], name]) },
  {
    name: 'In tables, grids and graphs',
    keys: [
      [['↑', '↓', '←', '→'], 'Move'],
      [['Home', 'End'], 'To the first, to the last'],
      [['↵'], 'Open'],
    ],
  },
]

/** All keys in one place. */
export default function Shortcuts({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" isOpen onClose={onClose}>
      <div className={styles.groups}>
        {groups.map(({ name, keys }) => (
          <section key={name}>
            <h3 className={styles.name}>{name}</h3>
            <dl className={styles.list}>
              {keys.map(([strokes, what]) => (
                <div key={what} className={styles.line}>
                  <dt>
                    {strokes.map((stroke) => (
                      <kbd key={stroke} className={styles.key}>
                        {stroke}
                      </kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
