import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Button } from './Button'
import { Dialog, DialogActions } from './Dialog'
import { ErrorNotice } from './Notice'

interface ConfirmDialogProps {
  title: string
  /** What will happen, in the words of whoever it happens to */
  children: ReactNode
  /** The words on the button */
  action: string
  isDangerous?: boolean
  onConfirm: () => Promise<unknown>
  onClose: () => void
}

/** Asks before an orchestrator is told to do something, shows that it is being done, and stays open if it fails. */
export function ConfirmDialog({
  title,
  children,
  action,
  isDangerous,
  onConfirm,
  onClose,
}: ConfirmDialogProps) {
  const { mutate, isPending, error } = useMutation({ mutationFn: onConfirm, onSuccess: onClose })
  return (
    <Dialog title={title} isOpen onClose={onClose} role="alertdialog">
      <div>{children}</div>
      {error && <ErrorNotice error={error} />}
      <DialogActions>
        <Button onPress={onClose} autoFocus>
          Keep as it is
        </Button>
        <Button look={isDangerous ? 'danger' : 'primary'} isPending={isPending} onPress={() => mutate()}>
          {isPending ? 'Working…' : action}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
