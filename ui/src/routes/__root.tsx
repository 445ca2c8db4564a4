import { AppHeader } from '@/components/AppHeader'
import { PartFault } from '@/components/PartFault'
import { StaleBanner } from '@/features/connection/LiveIndicator'
import { useLive } from '@/features/connection/useLive'
import { OutdatedProvider } from '@/features/orchestrators/OutdatedProvider'
import { PaletteHost } from '@/features/palette/PaletteHost'
import { SignInDialog } from '@/features/session/SignIn'
import { createRootRoute, Link, Outlet } from '@tanstack/react-router'
import styles from './layout.module.css'

export const Route = createRootRoute({
  component: Root,
  errorComponent: PartFault,
  notFoundComponent: NotFound,
})

function Root() {
  useLive()
  return (
    <>
      <AppHeader />
      <main id="main" tabIndex={-1} className={styles.main}>
        <StaleBanner />
        <OutdatedProvider>
          <Outlet />
        </OutdatedProvider>
      </main>
      <PaletteHost />
      <SignInDialog />
    </>
  )
}

function NotFound() {
  return (
    <>
      <title>Not found · Podium</title>
      <h1>There is no such page</h1>
      <p>
        The address may be from another version. <Link to="/">Go to the overview</Link>.
      </p>
    </>
  )
}
