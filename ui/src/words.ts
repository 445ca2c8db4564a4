/**
 * A share of 0 to 1 in percent: "99.2%", "75%". It is cut, not rounded, so that it is never 100 where something is missing;
 * a dash where it cannot be said.
 */
export function percent(share: number | null): string {
  if (share === null) return '–'
  // Binary fractions make 28.999999999999996 of 0.29.
  const value = Math.round(Math.abs(share) * 1e8) / 1e6
  const shown = Math.floor(value * 10 + 1e-6) / 10
  return `${share < 0 && shown > 0 ? '−' : ''}${shown.toLocaleString('en')}%`
}
