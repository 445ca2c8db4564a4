import { Search } from 'lucide-react'
import styles from './PaletteButton.module.css'
import { isApple, overlay, paletteKey } from './paletteStore'

/** In the header: opens the palette, and says its key. */
export function PaletteButton() {
  return (
    <button
      type="button"
      className={styles.button}
      aria-keyshortcuts={isApple ? 'Meta+K' : 'Control+K'}
      aria-haspopup="dialog"
      onClick={() => overlay.set('palette')}
    >
      <Search aria-hidden size={15} />
      <span className="visually-hidden">Find anything</span>
      <span aria-hidden className={styles.word}>
        Find
      </span>
      <kbd aria-hidden className={styles.key}>
        {paletteKey}
      </kbd>
    </button>
  )
}
