import type { Shown } from './graph'
import type { Size } from './viewport'

/** The shown graph as data. */
export function toJson(shown: Shown, address: string): string {
  const nodes = shown.nodes.map(({ id, type, name, where, orchestrator, state }) => {
    return { id, type, name, where, orchestrator, state, steps: shown.steps.get(id) ?? 0 }
  })
  const edges = shown.edges.map(({ source, target, kind }) => ({ source, target, kind }))
  return JSON.stringify({ source: address, nodes, edges }, null, 2)
}

const copied = [
  'fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin', 'opacity',
  'font-family', 'font-size', 'font-weight', 'letter-spacing', 'text-anchor', 'color',
] // prettier-ignore
const margin = 24

/** The drawing as a file of its own: all of it, at full size, in the colours that it has on the page now. */
export function toSvg(drawing: SVGGElement, { width, height }: Size, background: string): string {
  const copy = drawing.cloneNode(true) as SVGGElement
  keepLooks(drawing, copy)
  copy.removeAttribute('transform')
  for (const element of [copy, ...copy.querySelectorAll('*')]) {
    for (const name of ['class', 'tabindex', 'role']) element.removeAttribute(name)
  }
  const [wide, high] = [Math.ceil(width + 2 * margin), Math.ceil(height + 2 * margin)]
  const box = `${-margin} ${-margin} ${wide} ${high}`
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${high}" viewBox="${box}">` +
    `<rect x="${-margin}" y="${-margin}" width="${wide}" height="${high}" fill="${background}"/>` +
    `${new XMLSerializer().serializeToString(copy)}</svg>`
  )
}

function keepLooks(from: Element, to: Element): void {
  const looks = getComputedStyle(from)
  for (const name of copied) {
    const value = looks.getPropertyValue(name)
    if (value !== '') to.setAttribute(name, value)
  }
  Array.from(from.children).forEach((child, place) => {
    const same = to.children[place]
    if (same) keepLooks(child, same)
  })
}

/** An SVG file as a picture, twice as sharp as on the page. */
export async function toPng(svg: string): Promise<Blob> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = image.width * 2
  canvas.height = image.height * 2
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob)
      else reject(new Error('This browser cannot make a picture of that size. Export it as SVG instead.'))
    }, 'image/png')
  })
}

/** Hands a file to the browser. */
export function download(name: string, content: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  window.setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
