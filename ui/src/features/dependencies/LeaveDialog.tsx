import { Button } from '@/components/Button'
import { Dialog, DialogActions } from '@/components/Dialog'
import { useBlocker } from '@tanstack/react-router'

/** Asks before what is typed is lost, by a link, the back button, or a closed tab. */
export function LeaveDialog({ isChanged }: { isChanged: boolean }) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: () => isChanged,
    enableBeforeUnload: () => isChanged,
    withResolver: true,
  })
  if (status !== 'blocked') return null
  return (
    <Dialog title="Leave without saving?" isOpen onClose={reset} role="alertdialog">
      <p>What you have changed here is lost.</p>
      <DialogActions>
        <Button onPress={reset} autoFocus>
          Stay
        </Button>
        <Button look="danger" onPress={proceed}>
          Leave
        </Button>
      </DialogActions>
    </Dialog>
  )
}
