import { executorChecks } from '../../dist/index.js'

/** The checks of one kind without those that all kinds share: the broken algorithms show that these work. */
export function withoutShared<Check extends { readonly id: string }>(checks: readonly Check[]): readonly Check[] {
  const shared = new Set(executorChecks.map(({ id }) => id))
  return checks.filter(({ id }) => !shared.has(id))
}
