import { ErrorNotice } from './Notice'
import styles from './ListEnd.module.css'

interface ListEndProps {
  query: {
    hasNextPage: boolean
    isFetchNextPageError: boolean
    isFetchingNextPage: boolean
    error: Error | null
    fetchNextPage: () => Promise<unknown>
  }
}

/** Below what has been read of a list: more is on its way, or could not be read. Nothing where all is there. */
export function ListEnd({ query }: ListEndProps) {
  if (!query.hasNextPage) return null
  return (
    <div className={styles.end}>
      {query.isFetchNextPageError && !query.isFetchingNextPage ? (
        <ErrorNotice error={query.error} onRetry={() => void query.fetchNextPage()} />
      ) : (
        <p className={styles.more}>Reading more…</p>
      )}
    </div>
  )
}
