import { useMutation } from '@tanstack/react-query'
import type { ReactNode, SubmitEvent } from 'react'
import { Button } from './Button'
import { Dialog, DialogActions } from './Dialog'
import styles from './FormDialog.module.css'
import { ErrorNotice } from './Notice'

interface FormDialogProps {
  title: string
  /** What will happen, and what is asked for it */
  children: ReactNode
  /** The words on the button */
  action: string
  /** Something that is needed is not given yet */
  isIncomplete?: boolean
  onConfirm: () => Promise<unknown>
  onClose: () => void
}

/** Asks for what is needed to do something, shows that it is being done, and stays open if it fails. */
export function FormDialog({ title, children, action, isIncomplete, onConfirm, onClose }: FormDialogProps) {
  const { mutate, isPending, error } = useMutation({ mutationFn: onConfirm, onSuccess: onClose })
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    if (!isIncomplete && !isPending) mutate()
  }
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <form onSubmit={submit} className={styles.form}>
        {children}
        {error && <ErrorNotice error={error} />}
        <DialogActions>
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" look="primary" isPending={isPending} isDisabled={isIncomplete ?? false}>
            {isPending ? 'Working…' : action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
