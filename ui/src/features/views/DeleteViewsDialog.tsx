import { Button } from '@/components/Button'
import { Dialog, DialogActions } from '@/components/Dialog'
import { Trash2 } from 'lucide-react'
import { deleteView, type View, type ViewPage, viewPages } from './savedViews'
import styles from './Views.module.css'

interface DeleteViewsDialogProps {
  page: ViewPage
  views: View[]
  onClose: () => void
}

/** The names that were given; what they lead to is not touched. */
export function DeleteViewsDialog({ page, views, onClose }: DeleteViewsDialogProps) {
  return (
    <Dialog title={`Delete views of ${viewPages[page]}`} isOpen onClose={onClose}>
      {views.length === 0 ? (
        <p className={styles.note}>No view is left here.</p>
      ) : (
        <ul className={styles.list} aria-label="Views">
          {views.map((view) => (
            <li key={view.name} className={styles.saved}>
              <span className={styles.name}>{view.name}</span>
              <Button aria-label={`Delete ${view.name}`} onPress={() => deleteView(view)}>
                <Trash2 aria-hidden size={15} /> Delete
              </Button>
            </li>
          ))}
        </ul>
      )}
      <DialogActions>
        <Button onPress={onClose} autoFocus>
          Done
        </Button>
      </DialogActions>
    </Dialog>
  )
}
