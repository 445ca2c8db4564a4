import { askForToken, session, signIn, signOut } from '@/api/session'
import { useStore } from '@/api/store'
import { Button } from '@/components/Button'
import { Dialog, DialogActions } from '@/components/Dialog'
import { TextInput } from '@/components/TextInput'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { KeyRound, LogOut } from 'lucide-react'
import { type SubmitEvent, useState } from 'react'
import { meQuery, roleWords } from './permission'
import styles from './session.module.css'

/** Opens where the gateway asks for a token, and stays until it has a good one. */
export function SignInDialog() {
  const { token, isAsking } = useStore(session)
  return (
    <Dialog title="Sign in to Podium" isOpen={isAsking} onClose={() => askForToken(false)}>
      <SignInForm wasRefused={token !== null} />
    </Dialog>
  )
}

function SignInForm({ wasRefused }: { wasRefused: boolean }) {
  const queries = useQueryClient()
  const [token, setToken] = useState('')
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const given = token.trim()
    if (!given) return
    signIn(given)
    void queries.resetQueries()
  }
  return (
    <form onSubmit={submit} className={styles.form}>
      <p>This gateway asks for an API token. It stays in this browser tab until you sign out or close it.</p>
      <TextInput
        label="API token"
        type="password"
        autoComplete="off"
        autoFocus
        value={token}
        onChange={setToken}
        isRequired
        error={wasRefused ? 'The gateway does not accept the token given before.' : undefined}
      />
      <p className={styles.hint}>
        No token yet? Someone with access to the gateway’s machine makes one with
        <code className={styles.command}>podium token create --name you --role viewer</code>
      </p>
      <DialogActions>
        <Button type="submit" look="primary" isDisabled={token.trim() === ''}>
          Sign in
        </Button>
      </DialogActions>
    </form>
  )
}

/** In the header: the way out where a token is in use, the way in where one is wanted. */
export function SessionButton() {
  const { data } = useQuery(meQuery)
  const { token, signInRequired } = useStore(session)
  const queries = useQueryClient()
  if (signInRequired) {
    return (
      <Button look="plain" onPress={() => askForToken(true)}>
        <KeyRound aria-hidden size={15} /> Sign in
      </Button>
    )
  }
  if (token === null) return null
  return (
    <>
      {data && (
        <span className={styles.who}>
          {data.me.name} <span className={styles.role}>({roleWords[data.me.role]})</span>
        </span>
      )}
      <Button
        look="quiet"
        onPress={() => {
          signOut()
          void queries.resetQueries()
        }}
      >
        <LogOut aria-hidden size={15} /> Sign out
      </Button>
    </>
  )
}
