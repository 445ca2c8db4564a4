import { execute } from '@/api/client'
import { DisconnectOrchestratorDocument } from '@/api/generated'
import { ConfirmDialog } from '@/components/ConfirmDialog'
import { kindName } from '@/features/orchestrators/orchestratorStatus'
import { useQueryClient } from '@tanstack/react-query'
import styles from './Connect.module.css'
import type { Connected } from './connectQueries'

interface DisconnectDialogProps {
  orchestrator: Connected
  onClose: () => void
}

export function DisconnectDialog({ orchestrator, onClose }: DisconnectDialogProps) {
  const queries = useQueryClient()
  const { id, name, kind, pipelines } = orchestrator
  const disconnect = async (): Promise<void> => {
    await execute(DisconnectOrchestratorDocument, { id })
    await queries.invalidateQueries()
  }
  const count = pipelines.totalCount
  return (
    <ConfirmDialog
      title={`Disconnect ${name}?`}
      action="Disconnect"
      isDangerous
      onConfirm={disconnect}
      onClose={onClose}
    >
      <ul className={styles.consequences}>
        <li>
          Podium no longer reads {name}, and starts nothing there.{' '}
          {count > 0 &&
            `Its ${count === 1 ? 'pipeline leaves' : `${count.toLocaleString('en')} pipelines leave`} the lists.`}
        </li>
        <li>Dependencies and SLAs on it stay as they are, and wait.</li>
        <li>The history stays. It goes on if you connect a {kindName(kind)} under the same name again.</li>
        <li>What was typed in to log in is deleted.</li>
        <li>Nothing changes at {name} itself: its own schedules go on.</li>
      </ul>
    </ConfirmDialog>
  )
}
