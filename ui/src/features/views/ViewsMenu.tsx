import pickerStyles from '@/components/Picker.module.css'
import { type NavigateOptions, useRouter } from '@tanstack/react-router'
import { BookmarkPlus, Check, Trash2 } from 'lucide-react'
import { RouterProvider } from 'react-aria-components'
import { Header } from 'react-aria-components/Header'
import { Menu, MenuItem, MenuSection } from 'react-aria-components/Menu'
import { Separator } from 'react-aria-components/Separator'
import { Text } from 'react-aria-components/Text'
import { partsOf, type View, viewPages } from './savedViews'
import styles from './Views.module.css'
import type { OverlayProps } from './ViewsOverlay'

/** Views are links: they can be opened in another tab, and copied. */
export function ViewsMenu({ page, here, views, current, onOpen, onClose }: OverlayProps) {
  const router = useRouter()
  const hrefOf = ({ search }: View): string =>
    router.buildLocation({ to: page, search: partsOf(search) } as NavigateOptions).publicHref
  return (
    <RouterProvider navigate={(href) => router.history.push(href)}>
      <Menu
        aria-label="Views"
        autoFocus="first"
        className={pickerStyles.list ?? ''}
        disabledKeys={here === '' ? ['save'] : []}
        onAction={(key) => {
          if (key === 'save' || key === 'delete') onOpen(key)
        }}
        onClose={() => onClose('menu')}
      >
        {views.length > 0 && <Saved {...{ page, views, current, hrefOf }} />}
        {views.length > 0 && <Separator className={styles.line ?? ''} />}
        <SaveItem isNarrowed={here !== ''} />
        {views.length > 0 && (
          <MenuItem id="delete" textValue="Delete views…" className={pickerStyles.item ?? ''}>
            <span>Delete views…</span>
            <Trash2 aria-hidden size={15} />
          </MenuItem>
        )}
      </Menu>
    </RouterProvider>
  )
}

interface SavedProps extends Pick<OverlayProps, 'page' | 'views' | 'current'> {
  hrefOf: (view: View) => string
}

function Saved({ page, views, current, hrefOf }: SavedProps) {
  return (
    <MenuSection>
      <Header className={styles.section ?? ''}>{viewPages[page]}</Header>
      {views.map((view) => (
        <MenuItem
          key={view.name}
          id={`view ${view.name}`}
          textValue={view.name}
          href={hrefOf(view)}
          className={`${pickerStyles.item ?? ''} ${styles.link ?? ''}`}
        >
          <span className={styles.name}>{view.name}</span>
          {view === current && <Check role="img" aria-label="shown now" size={15} />}
        </MenuItem>
      ))}
    </MenuSection>
  )
}

function SaveItem({ isNarrowed }: { isNarrowed: boolean }) {
  return (
    <MenuItem id="save" textValue="Save this view…" className={pickerStyles.item ?? ''}>
      <span>
        <Text slot="label">Save this view…</Text>
        {!isNarrowed && (
          <Text slot="description" className={pickerStyles.hint ?? ''}>
            Narrow or sort the page first
          </Text>
        )}
      </span>
      <BookmarkPlus aria-hidden size={15} />
    </MenuItem>
  )
}
