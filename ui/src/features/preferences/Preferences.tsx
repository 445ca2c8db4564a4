import { useStore } from '@/api/store'
import { Segmented } from '@/components/Segmented'
import { Monitor, Moon, Sun } from 'lucide-react'
import { theme, zone } from './preferences'

export function ThemeSwitch() {
  const chosen = useStore(theme)
  return (
    <Segmented
      label="Theme"
      value={chosen}
      onChange={theme.set}
      options={[
        { value: 'system', label: 'System theme', content: <Monitor aria-hidden size={15} /> },
        { value: 'light', label: 'Light theme', content: <Sun aria-hidden size={15} /> },
        { value: 'dark', label: 'Dark theme', content: <Moon aria-hidden size={15} /> },
      ]}
    />
  )
}

export function ZoneSwitch() {
  const chosen = useStore(zone)
  return (
    <Segmented
      label="Time zone"
      value={chosen}
      onChange={zone.set}
      options={[
        { value: 'local', label: 'Local time', content: 'Local' },
        { value: 'utc', label: 'UTC', content: 'UTC' },
      ]}
    />
  )
}
