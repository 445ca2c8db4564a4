import type { Role } from '@/api/generated'
import { EmptyState } from '@/components/Notice'
import { roleWords } from '@/features/session/permission'
import { Lock } from 'lucide-react'
import styles from './Connect.module.css'

/** For people whose token may not: who can, and how. */
export function WhoMayConnect({ role }: { role: Role }) {
  return (
    <div className={styles.boxed}>
      <EmptyState icon={Lock} title="An admin connects orchestrators">
        <p>
          Your token has the role {roleWords[role]}. Ask an admin to connect it here, or to add it to{' '}
          <code>podium.yaml</code> and run <code>podium apply</code>.
        </p>
        <p>
          Whoever runs Podium makes an admin’s token with{' '}
          <code>podium token create --name NAME --role admin</code>.
        </p>
      </EmptyState>
    </div>
  )
}
