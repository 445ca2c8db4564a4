interface Named {
  key: string
  name: string
}

/**
 * What stands before a pipeline's name in its key: "crm-sync/" of Prefect's "crm-sync/hourly", whose name alone would
 * say nothing. Empty where the key is no path that ends in the name.
 */
export function nameContext({ key, name }: Named): string {
  return key.endsWith(`/${name}`) ? key.slice(0, -name.length) : ''
}

/** The name that tells a pipeline from the others of its orchestrator. */
export function fullName(pipeline: Named): string {
  return nameContext(pipeline) + pipeline.name
}
