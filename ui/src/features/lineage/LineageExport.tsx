import { ActionMenu } from '@/components/ActionMenu'
import { Braces, Image, Shapes } from 'lucide-react'
import { type RefObject, useState } from 'react'
import { download, toJson, toPng, toSvg } from './exports'
import type { Shown } from './graph'
import type { Draw } from './LineageCanvas'

interface LineageExportProps {
  isList: boolean
  shown: Shown
  drawing: RefObject<Draw | null>
  name: string
}

/** The graph to take away, as a picture or as data. */
export function LineageExport({ isList, shown, drawing, name }: LineageExportProps) {
  const [problem, setProblem] = useState<string | null>(null)
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
