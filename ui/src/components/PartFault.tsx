import type { ErrorComponentProps } from '@tanstack/react-router'
import { ErrorNotice } from './Notice'

/** What stands in the place of a page, or a part of one, that could not be fetched or drawn. */
export function PartFault({ error, reset }: Pick<ErrorComponentProps, 'error' | 'reset'>) {
  return <ErrorNotice error={error} onRetry={reset} />
}
