import { isImIadError, visibleText } from '@im-iad/core'

/** An error as people read it: ours are ready to be shown; others come with their stack, because they are our fault. */
export function describeError(error: unknown): string {
  return visibleText(describe(error))
}

function describe(error: unknown): string {
  if (isImIadError(error)) return `im-iad: ${error.message}`
  if (error instanceof Error) return `im-iad: unexpected error; please report it with this text\n${error.stack ?? error.message}`
  return `im-iad: ${String(error)}`
}
