/** A key that makes a repeated trigger the same run. `crypto.randomUUID` exists on secure origins only; this does not need one. */
export function newTriggerKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return `ui-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

export type ParsedParameters =
  { ok: true; value: Record<string, unknown> | null } | { ok: false; reason: string }

/** What a person typed as parameters: a JSON object, or nothing. */
export function parseParameters(text: string): ParsedParameters {
  if (text.trim() === '') return { ok: true, value: null }
  try {
    const value: unknown = JSON.parse(text)
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
      return { ok: true, value: value as Record<string, unknown> }
    }
    return { ok: false, reason: 'Parameters are a JSON object, such as {"day": "2026-05-01"}.' }
  } catch (error) {
    return {
      ok: false,
      reason: `This is not JSON: ${error instanceof Error ? error.message : 'it cannot be read'}`,
    }
  }
}
