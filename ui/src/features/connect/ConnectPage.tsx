import buttonStyles from '@/components/Button.module.css'
import { ErrorNotice } from '@/components/Notice'
import { PageHeading } from '@/components/PageHeading'
import { Skeleton } from '@/components/Skeleton'
import { meQuery } from '@/features/session/permission'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import styles from './Connect.module.css'
import { ConnectedNow } from './ConnectedNow'
import { ConnectionForm } from './ConnectionForm'
import { connectedQuery, kindsQuery, rulesQuery } from './connectQueries'
import { KindCards } from './KindCards'
import { WhoMayConnect } from './WhoMayConnect'

export interface ConnectSearch {
  kind?: string | undefined
  /** The name of what has just been connected */
  connected?: string | undefined
}

interface ConnectPageProps {
  search: ConnectSearch
  onChange: (next: ConnectSearch) => void
}

/** From nothing to the first pipelines, without a file: which kind, where, does it answer, follow it. */
export function ConnectPage({ search, onChange }: ConnectPageProps) {
  const { data, error, refetch } = useQuery(meQuery)
  return (
    <div className={styles.page}>
      <title>Connect an orchestrator · Podium</title>
      <PageHeading
        title="Connect an orchestrator"
        under="Podium reads what it runs, and starts what you tell it to."
        actions={
          <Link to="/orchestrators" className={buttonStyles.button}>
            All orchestrators
          </Link>
        }
      />
      {search.connected !== undefined ? (
        <ConnectedNow key={search.connected} name={search.connected} />
      ) : data?.me.role === 'ADMIN' ? (
        <Steps search={search} onChange={onChange} />
      ) : data ? (
        <WhoMayConnect role={data.me.role} />
      ) : (
        error && <ErrorNotice error={error} onRetry={() => void refetch()} />
      )}
    </div>
  )
}

function Steps({ search, onChange }: ConnectPageProps) {
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
      <Skeleton lines={2} height={7} label="kinds of orchestrators" />
    )
  }
  const chosen = kinds.data.find(({ kind }) => kind === search.kind)
  return (
    <>
      <KindCards kinds={kinds.data} chosen={chosen?.kind ?? null} onChoose={(kind) => onChange({ kind })} />
      {chosen && (
        <ConnectionForm
          key={chosen.kind}
          kind={chosen}
          rules={rules.data}
          known={null}
          taken={connected.data.map(({ name }) => name)}
          onDone={(name) => onChange({ connected: name })}
        />
      )}
    </>
  )
}
