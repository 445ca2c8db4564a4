import { ActionMenu } from '@/components/ActionMenu'
import { useStore } from '@/api/store'
import { Button } from '@/components/Button'
import { Segmented } from '@/components/Segmented'
import { zone } from '@/features/preferences/preferences'
import { Braces, Image, ListTree, Shapes, Workflow, X } from 'lucide-react'
import { type RefObject, useId, useState } from 'react'
import { download, toJson, toPng, toSvg } from './exports'
import type { Shown } from './graph'
import type { Draw } from './LineageCanvas'
import {
  type Depth,
  depths,
  fromField,
  type LineageSearch,
  toField,
  usualDepth,
  withoutNothing,
} from './lineageSearch'
import { Legend } from './Legend'
import styles from './LineageTools.module.css'

interface LineageToolsProps {
  search: LineageSearch
  onChange: (search: LineageSearch) => void
  shown: Shown
  drawing: RefObject<Draw | null>
  name: string
}

/** What of the graph is shown, and how. */
export function LineageTools({ search, onChange, shown, drawing, name }: LineageToolsProps) {
  const set = (change: Parameters<typeof withoutNothing>[0]): void =>
    onChange(withoutNothing({ ...search, ...change }))
  return (
    <div className={styles.tools}>
      <Segmented
        label="Direction"
        value={search.direction ?? 'both'}
        onChange={(value) => set({ direction: value === 'both' ? undefined : value })}
        options={[
          { value: 'upstream', label: 'Upstream', content: 'Upstream' },
          { value: 'both', label: 'Both ways', content: 'Both' },
          { value: 'downstream', label: 'Downstream', content: 'Downstream' },
        ]}
      />
      <Segmented
        label="Steps"
        value={search.depth ?? usualDepth}
        onChange={(value: Depth) => set({ depth: value === usualDepth ? undefined : value })}
        options={depths.map((value) => ({
          value,
          label: value === 'all' ? 'All steps' : value === '1' ? '1 step' : `${value} steps`,
          content: value === 'all' ? 'All' : value,
        }))}
      />
      <Segmented
        label="Granularity"
        value={search.by ?? 'pipeline'}
        onChange={(value) =>
          set({ by: value === 'job' ? 'job' : undefined, open: undefined, selected: undefined })
        }
        options={[
          { value: 'pipeline', label: 'Pipelines', content: 'Pipelines' },
          { value: 'job', label: 'Jobs', content: 'Jobs' },
        ]}
      />
      <Segmented
        label="Colour by"
        value={search.colour ?? 'orchestrator'}
        onChange={(value) => set({ colour: value === 'health' ? 'health' : undefined })}
        options={[
          { value: 'orchestrator', label: 'Colour by orchestrator', content: 'System' },
          { value: 'health', label: 'Colour by health', content: 'Health' },
        ]}
      />
      <AsOf value={search.asOf} onChange={(asOf) => set({ asOf })} />
      <div className={styles.end}>
        <Segmented
          label="Show as"
          value={search.view ?? 'graph'}
          onChange={(value) => set({ view: value === 'list' ? 'list' : undefined })}
          options={[
            { value: 'graph', label: 'Graph', content: <Workflow aria-hidden size={15} /> },
            { value: 'list', label: 'List', content: <ListTree aria-hidden size={15} /> },
          ]}
        />
        <Export search={search} shown={shown} drawing={drawing} name={name} />
      </div>
      <Legend search={search} shown={shown} />
    </div>
  )
}

function AsOf({
  value,
  onChange,
}: {
  value: string | undefined
  onChange: (asOf: string | undefined) => void
}) {
  const id = useId()
  const chosen = useStore(zone)
  return (
    <div className={styles.asOf}>
      <label htmlFor={id}>As of</label>
      <input
        id={id}
        type="datetime-local"
        className={styles.input}
        // Another value from elsewhere is another field: while somebody types in it, it is theirs.
        key={`${value ?? ''} ${chosen}`}
        defaultValue={toField(value, chosen)}
        onBlur={({ target }) => {
          const asOf = fromField(target.value, chosen)
          if (toField(asOf, chosen) !== toField(value, chosen)) onChange(asOf)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur()
        }}
      />
      {value !== undefined && (
        <Button look="icon" aria-label="Back to now" onPress={() => onChange(undefined)}>
          <X aria-hidden size={15} />
        </Button>
      )}
    </div>
  )
}

function Export({ search, shown, drawing, name }: Omit<LineageToolsProps, 'onChange'>) {
  const [problem, setProblem] = useState<string | null>(null)
  const isList = search.view === 'list'
  const file = name.replaceAll(/[^\w.-]+/g, '-')
  const draw = (): string | null => {
    let svg: string | null = null
    drawing.current?.((whole) => {
      const { width, height } = whole.getBBox()
      const background = getComputedStyle(document.documentElement).backgroundColor
      svg = toSvg(whole, { width, height }, background)
    })
    return svg
  }
  const save = (kind: string, made: Blob): void => download(`${file}.${kind}`, made)
  const saveSvg = (): void => {
    const svg = draw()
    if (svg !== null) save('svg', new Blob([svg], { type: 'image/svg+xml' }))
  }
  const savePng = async (): Promise<void> => {
    const svg = draw()
    if (svg === null) return
    try {
      save('png', await toPng(svg))
      setProblem(null)
    } catch {
      setProblem('This browser cannot make a picture of that size. Export it as SVG.')
    }
  }
  const unavailable = isList ? 'Show it as a graph first' : undefined
  return (
    <>
      <ActionMenu
        label="Export"
        actions={[
          { id: 'png', label: 'Export as PNG', icon: Image, unavailable, run: () => void savePng() },
          { id: 'svg', label: 'Export as SVG', icon: Shapes, unavailable, run: saveSvg },
          {
            id: 'json',
            label: 'Export as JSON',
            icon: Braces,
            run: () => save('json', new Blob([toJson(shown, location.href)], { type: 'application/json' })),
          },
        ]}
      />
      {problem && <p role="alert">{problem}</p>}
    </>
  )
}
