import { resolve } from 'node:path'
import { RECORD_SCHEMA } from '@im-iad/core'
import type { CheckResult, ConformanceOptions } from '@im-iad/testkit'
import type { CheckPluginsFlags } from '../commands/check-plugins.ts'
import type { ImIadContext } from '../context.ts'
import { malformedParameter } from '../errors.ts'

/** `im-iad plugins check`: exits 1 when a check fails, 2 when there is nothing to check, 130 when interrupted. */
export async function checkPluginsAction(this: ImIadContext, flags: CheckPluginsFlags, folder: string = '.'): Promise<void> {
  const options = optionsOf(flags, this.workingDirectory)
  const { checkPackage } = await import('@im-iad/testkit')
  const list = createList(flags.why, this.print)
  try {
    const checked = await checkPackage(resolve(this.workingDirectory, folder), options, {
      onResult: (result) => (flags.json ? undefined : list.add(result)),
      signal: this.signal,
    })
    const summary = summarize(checked.results)
    if (summary.fail > 0) this.exitWith(1)
    if (flags.json) return this.print(JSON.stringify({ schema: RECORD_SCHEMA, ...checked, summary }))
    list.end()
    this.print(
      `\n${checked.package}@${checked.version}: ${checked.results.length} checks, ${summary.pass} passed, ${summary.fail} failed, ${summary.skip} skipped`,
    )
  } catch (error) {
    if (!this.signal.aborted) throw error
    this.say('im-iad: interrupted')
    // What the plugin is doing cannot be stopped from outside, and must not keep the command waiting.
    process.exit(130)
  }
}

function optionsOf(flags: CheckPluginsFlags, workingDirectory: string): ConformanceOptions {
  const { dataRoot, weights, backbone } = flags
  return {
    parameters: Object.fromEntries((flags.set ?? []).map(parseParameter)),
    dataIsComplete: flags.complete,
    ...(dataRoot === undefined ? {} : { dataRoot: resolve(workingDirectory, dataRoot) }),
    ...(weights === undefined ? {} : { weightsFile: resolve(workingDirectory, weights) }),
    ...(backbone === undefined ? {} : { backbone: resolve(workingDirectory, backbone) }),
  }
}

/** `NAME=VALUE`; the value is JSON where it reads as JSON, else text. @throws ImIadError IM_IAD_E_PARAMETER */
function parseParameter(text: string): readonly [name: string, value: unknown] {
  const [name = '', ...rest] = text.split('=')
  if (name === '' || rest.length === 0) throw malformedParameter(text)
  const value = rest.join('=')
  try {
    return [name, JSON.parse(value)]
  } catch {
    return [name, value]
  }
}

/** A list that grows by a line per result, with a heading per plugin; what was skipped stands at its end, by reason. */
interface ResultList {
  readonly add: (result: CheckResult) => void
  readonly end: () => void
}

function createList(withReasons: boolean, give: (text: string) => void): ResultList {
  let heading: string | null = null
  const skipped = new Map<string, string[]>()
  const end = (): void => {
    for (const [reason, checks] of skipped) give(`  skip   ${checks.length === 1 ? checks[0] : `${checks.length} checks`}: ${reason}`)
    skipped.clear()
  }
  const add = ({ plugin, check, why, status, reason, fix }: CheckResult): void => {
    const own = plugin === null ? 'package' : `${plugin.kind} ${plugin.id}`
    if (own !== heading) {
      end()
      give(heading === null ? own : `\n${own}`)
      heading = own
    }
    if (status === 'skip') {
      skipped.set(reason ?? '', [...(skipped.get(reason ?? '') ?? []), check])
      return
    }
    give(`  ${status === 'pass' ? 'ok    ' : 'FAILED'} ${check}`)
    if (status === 'fail') give(`         seen: ${reason}\n         why:  ${why}\n         fix:  ${fix}`)
    else if (withReasons) give(`         ${why}`)
  }
  return { add, end }
}

function summarize(results: readonly CheckResult[]): Readonly<Record<'pass' | 'fail' | 'skip', number>> {
  const count = (status: CheckResult['status']): number => results.filter((result) => result.status === status).length
  return { pass: count('pass'), fail: count('fail'), skip: count('skip') }
}
