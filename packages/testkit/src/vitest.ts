import { afterAll, describe, it } from 'vitest'
import type { BoundCheck, CheckOutcome } from './check-group.ts'
import type { ConformanceOptions } from './options.ts'
import { openPackage } from './package-under-test.ts'

/**
 * Declares one vitest test per check of a plugin package. Call it at the top level of a test file:
 *
 *     await testConformance(new URL('..', import.meta.url))
 *
 * @param folder - the package's folder; its plugins are loaded from their built entries
 * @throws ImIadError IM_IAD_E_NO_PLUGIN when it is no plugin package
 */
export async function testConformance(folder: string | URL, options: ConformanceOptions = {}): Promise<void> {
  const { groups, name, dispose } = await openPackage(folder, options)
  for (const { plugin, checks } of groups) {
    const { kind, id } = plugin ?? { kind: 'package', id: name }
    describe(`${kind} ${id}`, () => {
      checks.forEach(declareTest)
    })
  }
  afterAll(dispose)
}

function declareTest({ id, why, run }: BoundCheck): void {
  it(`${id}: ${why}`, async ({ skip, annotate }) => {
    const outcome = await run()
    if (outcome.status === 'skip') skip(outcome.reason)
    if (outcome.status === 'known-failure') await annotate(`known failure: ${outcome.reason}`)
    expectConforming(outcome)
  })
}

function expectConforming(outcome: CheckOutcome): void {
  if (outcome.status === 'fail') throw outcome.error
}
