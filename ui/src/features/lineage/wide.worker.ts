import { layOutWide, type WideAsked } from './wideLayout'

/** Lays out what it is sent, and sends it back under the same number. */
self.onmessage = ({ data }: MessageEvent<WideAsked & { number: number }>): void => {
  self.postMessage({ number: data.number, laid: layOutWide(data) })
}
