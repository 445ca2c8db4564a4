import type { RefObject } from 'react'
import { Popover } from 'react-aria-components/Popover'
import pickerStyles from '@/components/Picker.module.css'
import { DeleteViewsDialog } from './DeleteViewsDialog'
import { SaveViewDialog } from './SaveViewDialog'
import type { View, ViewPage } from './savedViews'
import { ViewsMenu } from './ViewsMenu'

/** What the button of views opens. */
export type Overlay = 'menu' | 'save' | 'delete'

export interface OverlayProps {
  page: ViewPage
  /** What the address says now */
  here: string
  /** Those of the page */
  views: View[]
  current: View | undefined
  button: RefObject<HTMLButtonElement | null>
  open: Overlay
  onOpen: (next: Overlay) => void
  /** Unless something else has been opened meanwhile */
  onClose: (closed: Overlay) => void
}

export default function ViewsOverlay(props: OverlayProps) {
  const { page, here, views, open, button, onClose } = props
  if (open === 'save') return <SaveViewDialog {...{ page, here, views }} onClose={() => onClose('save')} />
  if (open === 'delete') {
    return <DeleteViewsDialog page={page} views={views} onClose={() => onClose('delete')} />
  }
  return (
    <Popover
      className={pickerStyles.popover ?? ''}
      aria-label="Views"
      trigger="MenuTrigger"
      triggerRef={button}
      placement="bottom end"
      isOpen
      onOpenChange={() => onClose('menu')}
    >
      <ViewsMenu {...props} />
    </Popover>
  )
}
