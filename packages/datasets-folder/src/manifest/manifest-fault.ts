import { ImIadError } from '@im-iad/core'

/** How many faults an error lists. */
const NAMED = 5

/** A manifest that does not hold together. @param faults - a clause each */
export function manifestFault(path: string, faults: readonly string[], cause?: unknown): ImIadError {
  const rest = faults.length > NAMED ? `; and ${faults.length - NAMED} more` : ''
  return new ImIadError({
    code: 'IM_IAD_E_DATA_MANIFEST',
    what: 'cannot use the manifest of the pictures',
    found: path,
    problem: faults.slice(0, NAMED).join('; ') + rest,
    fix: 'a manifest has the columns image and label (normal or anomalous), and may have mask, split, group, defect and category',
    cause,
  })
}
