import { beforeAll, describe, expect, it } from 'vitest'
import type { CheckResult } from '../../dist/index.js'
import { expectCaught, resultsOf, type SoundPlugin } from './expect-caught.ts'
import type { PackageChange } from './plugin-package.ts'

/** Declares the tests of one kind of plugin: the sound one passes, and for every check there is a change that it alone catches. */
export function describeBroken(
  sound: SoundPlugin,
  checks: readonly { readonly id: string }[],
  broken: Readonly<Record<string, PackageChange>>,
  skipped: readonly string[] = [],
): void {
  describe(`a sound ${sound.fixture}`, () => {
    let results: readonly CheckResult[]
    beforeAll(async () => {
      results = await resultsOf(sound)
    }, 120_000)

    it('passes every check', () => {
      const missed = results.filter(({ status, check }) => status !== 'pass' && !skipped.includes(check))
      expect(missed).toEqual([])
    })

    it('is broken in one way per check', () => {
      expect(Object.keys(broken).toSorted()).toEqual(checks.map(({ id }) => id).toSorted())
    })

    it.each(Object.entries(broken))('changed, is caught by %s and nothing else', (check, change) =>
      expectCaught(sound, check, change, skipped),
    )
  })
}

export function changed(...source: NonNullable<PackageChange['source']>): PackageChange {
  return { source }
}
