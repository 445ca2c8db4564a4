import buttonStyles from '@/components/Button.module.css'
import { EmptyState, ErrorNotice } from '@/components/Notice'
import { PageHeading } from '@/components/PageHeading'
import { Skeleton } from '@/components/Skeleton'
import { meQuery } from '@/features/session/permission'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { FileCode } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './Connect.module.css'
import { ConnectionForm } from './ConnectionForm'
import { connectedQuery, kindsQuery, rulesQuery } from './connectQueries'
import { WhoMayConnect } from './WhoMayConnect'

/** How one that was connected here is reached and logged into; what a file defines is changed there. */
export function EditConnectionPage({ name }: { name: string }) {
  const { data: me, error, refetch } = useQuery(meQuery)
  return (
    <div className={styles.page}>
      <title>{`Edit ${name} · Podium`}</title>
      <PageHeading title={`Edit ${name}`} under={<Link to="/orchestrators">Orchestrators</Link>} />
      {me ? (
        me.me.role === 'ADMIN' ? (
          <Editor name={name} />
        ) : (
          <WhoMayConnect role={me.me.role} />
        )
      ) : (
        error && <ErrorNotice error={error} onRetry={() => void refetch()} />
      )}
    </div>
  )
}

function Editor({ name }: { name: string }): ReactNode {
  const navigate = useNavigate()
  const kinds = useQuery(kindsQuery)
  const rules = useQuery(rulesQuery)
  const connected = useQuery(connectedQuery)
  const error = kinds.error ?? rules.error ?? connected.error
  if (!kinds.data || !rules.data || !connected.data) {
    return error ? (
      <ErrorNotice
        error={error}
        onRetry={() => void Promise.all([kinds.refetch(), rules.refetch(), connected.refetch()])}
      />
    ) : (
      <Skeleton lines={3} height={4} label="connection" />
    )
  }
  const known = connected.data.find((one) => one.name === name)
  if (!known) return <p>There is no orchestrator {name}. It may have been disconnected.</p>
  if (known.origin === 'CONFIG') return <DefinedInFile />
  const kind = kinds.data.find((one) => one.kind === known.kind)
  if (!kind) return <p>The adapter for {known.kind} is not installed here, so it cannot be changed.</p>
  return (
    <ConnectionForm
      kind={kind}
      rules={rules.data}
      known={known}
      taken={[]}
      onDone={() => void navigate({ to: '/orchestrators' })}
    />
  )
}

function DefinedInFile() {
  return (
    <div className={styles.boxed}>
      <EmptyState icon={FileCode} title="Defined in podium.yaml">
        <p>
          Change it in the file, then run <code>podium apply -f podium.yaml</code>. The file would undo what
          is changed here.
        </p>
        <p>
          <Link to="/orchestrators" className={buttonStyles.button}>
            Back to all orchestrators
          </Link>
        </p>
      </EmptyState>
    </div>
  )
}
