import { ErrorNotice } from '@/components/Notice'
import { PageHeading } from '@/components/PageHeading'
import { Skeleton } from '@/components/Skeleton'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { DependencyEditor } from './DependencyEditor'
import { dependencyQuery } from './dependencyQueries'

/** The editor of a dependency that was made here; what a file defines is changed there. */
export function EditPage({ name }: { name: string }) {
  const { data: dependency, error, refetch } = useQuery(dependencyQuery(name))
  if (!dependency) {
    return error ? (
      <ErrorNotice error={error} onRetry={() => void refetch()} />
    ) : (
      <Skeleton lines={5} height={4} label="dependency" />
    )
  }
  if (dependency.origin === 'API') return <DependencyEditor dependency={dependency} />
  return (
    <>
      <title>{`${name} · Podium`}</title>
      <PageHeading
        title={name}
        under={
          <Link to="/dependencies/$name" params={{ name }}>
            Its page
          </Link>
        }
      />
      <p>It comes from podium.yaml. Change it there, and apply the file again.</p>
    </>
  )
}
