import { Button } from '@/components/Button'
import { Dialog, DialogActions } from '@/components/Dialog'
import formStyles from '@/components/FormDialog.module.css'
import { TextInput } from '@/components/TextInput'
import { type SubmitEvent, useState } from 'react'
import { longestName, named, saveView, type View, type ViewPage } from './savedViews'
import styles from './Views.module.css'

interface SaveViewDialogProps {
  page: ViewPage
  /** What the address says now */
  here: string
  views: View[]
  onClose: () => void
}

/** Gives the page's filters a name. */
export function SaveViewDialog({ page, here, views, onClose }: SaveViewDialogProps) {
  const [name, setName] = useState('')
  const former = named(views, page, name)
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    if (name.trim() === '') return
    saveView({ page, name, search: here })
    onClose()
  }
  return (
    <Dialog title="Save this view" isOpen onClose={onClose}>
      <form onSubmit={submit} className={formStyles.form}>
        <p className={styles.note}>
          A view is a name for the page’s address, kept in this browser: to share it, share the address.
        </p>
        <TextInput
          label="Name"
          value={name}
          onChange={setName}
          maxLength={longestName}
          autoFocus
          {...(former && { hint: `“${former.name}” is there already. It will show this instead.` })}
        />
        <DialogActions>
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" look="primary" isDisabled={name.trim() === ''}>
            {former ? 'Replace' : 'Save'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
