const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

const minutes = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
  ...[1, 2, 7, 14, 30].map((count) => count * day),
]
const seconds = [...[1, 2, 5, 10, 15, 30].map((count) => count * second), ...minutes]
const fractions = [1, 2, 5, 10, 20, 50, 100, 200, 500]

/** Distances that people count in, by what they begin with; beyond the last one, in multiples of `unit`. */
const scales = {
  counts: { distances: [...fractions, 1000], unit: 1 },
  milliseconds: { distances: [...fractions, ...seconds], unit: day },
  seconds: { distances: seconds, unit: day },
  minutes: { distances: minutes, unit: day },
}

export type Scale = keyof typeof scales

/** The shortest distance of a scale that goes into a length at most `most` times; times are in milliseconds. */
export function stepFor(length: number, scale: Scale, most: number): number {
  const { distances, unit } = scales[scale]
  return distances.find((one) => length / one <= most) ?? Math.ceil(length / most / unit) * unit
}

/** Where lines are drawn for people to count along: from zero to the first one that nothing exceeds. */
export function ticksTo(highest: number, scale: Scale, most = 4): number[] {
  const step = stepFor(highest, scale, most)
  return Array.from({ length: Math.max(1, Math.ceil(highest / step)) + 1 }, (_, at) => at * step)
}
