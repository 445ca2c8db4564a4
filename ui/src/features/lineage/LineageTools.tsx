import { Button } from '@/components/Button'
import { Segmented } from '@/components/Segmented'
import { useMedia } from '@/components/useMedia'
import { ChevronDown, ListTree, Workflow } from 'lucide-react'
import { type ComponentProps, type ReactNode, useId, useState } from 'react'
import { AsOfBar } from './AsOfBar'
import { Legend } from './Legend'
import { LineageExport } from './LineageExport'
import { type Depth, depths, type LineageSearch, narrow, usualDepth, withoutNothing } from './lineageSearch'
import styles from './LineageTools.module.css'

type LineageToolsProps = Omit<ComponentProps<typeof LineageExport>, 'isList'> & {
  search: LineageSearch
  onChange: (search: LineageSearch) => void
}

/** What of the graph is shown, and how; on a narrow screen most of it waits behind a button. */
export function LineageTools({ search, onChange, ...parts }: LineageToolsProps) {
  const isNarrow = useMedia(narrow)
  const [isOpen, setOpen] = useState(false)
  const rest = useId()
  const set: Set = (change) => onChange(withoutNothing({ ...search, ...change }))
  return (
    <div className={styles.tools}>
      <Ways search={search} set={set} />
      {isNarrow && (
        <Button
          look="quiet"
          aria-expanded={isOpen}
          {...(isOpen && { 'aria-controls': rest })}
          onPress={() => setOpen(!isOpen)}
        >
          More <ChevronDown aria-hidden size={15} className={styles.chevron} />
        </Button>
      )}
      {(!isNarrow || isOpen) && (
        <div id={rest} className={styles.rest}>
          <Looks search={search} set={set} />
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
            <LineageExport isList={search.view === 'list'} {...parts} />
          </div>
          <AsOfBar value={search.asOf} onChange={(asOf) => set({ asOf })} />
          <Legend search={search} shown={parts.shown} />
        </div>
      )}
    </div>
  )
}

type Set = (change: Parameters<typeof withoutNothing>[0]) => void

interface ControlsProps {
  search: LineageSearch
  set: Set
}

/** How far the graph goes, and which way. */
function Ways({ search, set }: ControlsProps) {
  return (
    <>
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
      <Labelled word="Steps">
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
      </Labelled>
    </>
  )
}

function Looks({ search, set }: ControlsProps) {
  return (
    <>
      <Labelled word="Level">
        <Segmented
          label="Level"
          value={search.by ?? 'pipeline'}
          onChange={(value) =>
            set({ by: value === 'job' ? 'job' : undefined, open: undefined, selected: undefined })
          }
          options={[
            { value: 'pipeline', label: 'Pipelines', content: 'Pipelines' },
            { value: 'job', label: 'Jobs', content: 'Jobs' },
          ]}
        />
      </Labelled>
      <Labelled word="Colour by">
        <Segmented
          label="Colour by"
          value={search.colour ?? 'orchestrator'}
          onChange={(value) => set({ colour: value === 'health' ? 'health' : undefined })}
          options={[
            { value: 'orchestrator', label: 'Colour by orchestrator', content: 'Orchestrator' },
            { value: 'health', label: 'Colour by health', content: 'Health' },
          ]}
        />
      </Labelled>
    </>
  )
}

/** The group bears the same name for those who do not see it. */
function Labelled({ word, children }: { word: string; children: ReactNode }) {
  return (
    <div className={styles.labelled}>
      <span aria-hidden>{word}</span>
      {children}
    </div>
  )
}
