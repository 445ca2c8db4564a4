import { Ellipsis, type LucideIcon } from 'lucide-react'
import { useRef, useState } from 'react'
import { Menu, MenuItem } from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import { Text } from 'react-aria-components/Text'
import buttonStyles from './Button.module.css'
import styles from './Picker.module.css'

export interface Action {
  id: string
  label: string
  icon: LucideIcon
  /** Why it cannot be done now; it is shown, because a missing button explains nothing */
  unavailable?: string | undefined
  run: () => void
}

/**
 * What can be done with one thing, behind a "more" button. A table has one in each row: until it is opened it is a plain
 * button, because a menu costs as much as all the rest of a row.
 */
export function ActionMenu({ label, actions }: { label: string; actions: Action[] }) {
  const button = useRef<HTMLButtonElement>(null)
  const [isOpen, setIsOpen] = useState(false)
  const openByArrow = (event: React.KeyboardEvent): void => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    event.preventDefault()
    setIsOpen(true)
  }
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        className={`${buttonStyles.button ?? ''} ${buttonStyles.icon ?? ''}`}
        onClick={() => setIsOpen(true)}
        onKeyDown={openByArrow}
      >
        <Ellipsis aria-hidden size={18} />
      </button>
      {isOpen && (
        <Popover
          className={styles.popover ?? ''}
          aria-label={label}
          trigger="MenuTrigger"
          triggerRef={button}
          placement="bottom end"
          isOpen
          onOpenChange={setIsOpen}
        >
          <Actions label={label} actions={actions} onClose={() => setIsOpen(false)} />
        </Popover>
      )}
    </>
  )
}

interface ActionsProps {
  label: string
  actions: Action[]
  onClose: () => void
}

function Actions({ label, actions, onClose }: ActionsProps) {
  const unavailable = actions.filter((action) => action.unavailable !== undefined)
  return (
    <Menu
      aria-label={label}
      autoFocus="first"
      className={styles.list ?? ''}
      disabledKeys={unavailable.map(({ id }) => id)}
      onAction={(key) => actions.find(({ id }) => id === key)?.run()}
      onClose={onClose}
    >
      {actions.map(({ id, label: name, icon: Icon, unavailable: reason }) => (
        <MenuItem key={id} id={id} textValue={name} className={styles.item ?? ''}>
          <span>
            <Text slot="label">{name}</Text>
            {reason && (
              <Text slot="description" className={styles.hint ?? ''}>
                {reason}
              </Text>
            )}
          </span>
          <Icon aria-hidden size={15} />
        </MenuItem>
      ))}
    </Menu>
  )
}
