import { Ellipsis, type LucideIcon } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu'
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

/** What can be done with one thing, behind a "more" button. */
export function ActionMenu({ label, actions }: { label: string; actions: Action[] }) {
  const unavailable = actions.filter((action) => action.unavailable !== undefined)
  return (
    <MenuTrigger>
      <Button aria-label={label} className={`${buttonStyles.button ?? ''} ${buttonStyles.icon ?? ''}`}>
        <Ellipsis aria-hidden size={18} />
      </Button>
      <Popover className={styles.popover ?? ''} placement="bottom end">
        <Menu
          className={styles.list ?? ''}
          disabledKeys={unavailable.map(({ id }) => id)}
          onAction={(key) => actions.find(({ id }) => id === key)?.run()}
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
      </Popover>
    </MenuTrigger>
  )
}
