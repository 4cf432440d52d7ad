import type { PluginKind } from '@im-iad/core'
import { expect } from 'vitest'
import { checkPackage, type CheckResult, type ConformanceOptions } from '../../dist/index.js'
import { pluginPackage, type PackageChange } from './plugin-package.ts'

/** A sound plugin, and how it is checked. */
export interface SoundPlugin {
  readonly kind: PluginKind
  /** The file in fixtures/sound. */
  readonly fixture: string
  readonly id: string
  readonly options?: ConformanceOptions
}

/** What the checks say of a sound plugin, changed. */
export async function resultsOf({ kind, fixture, id, options }: SoundPlugin, change: PackageChange = {}): Promise<readonly CheckResult[]> {
  return (await checkPackage(await pluginPackage(kind, fixture, id, change), options)).results
}

/** The changed plugin fails this check and no other; what else is not passed is skipped because of it. */
export async function expectCaught(
  sound: SoundPlugin,
  check: string,
  change: PackageChange,
  skippedAnyway: readonly string[],
): Promise<void> {
  const results = await resultsOf(sound, change)
  expect(results.filter(({ status }) => status === 'fail').map((result) => [result.check, result.reason])).toEqual([
    [check, expect.any(String)],
  ])
  for (const result of results) {
    if (result.status !== 'skip' || skippedAnyway.includes(result.check)) continue
    expect(result.reason, `${result.check} was skipped`).toMatch(/^it needs "/)
  }
}
