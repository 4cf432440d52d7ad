import { describe, expect, it } from 'vitest'
import { checkPackage, openPackage, type CheckResult, type ConformanceOptions } from '../dist/index.js'
import { pluginPackage, type Change } from './support/plugin-package.ts'

const WRONG: readonly Change[] = [['higher-is-better', 'lower-is-better']]

async function check(source: readonly Change[], options: ConformanceOptions): Promise<readonly CheckResult[]> {
  return (await checkPackage(await pluginPackage('metric', 'metric', 'pixel.sound', { source }), options)).results
}

const resultOf = (results: readonly CheckResult[], id: string): CheckResult | undefined => results.find((result) => result.check === id)

describe('known failures', () => {
  it.each(['direction-is-right', 'pixel.sound/direction-is-right'])('named as %s are no failures', async (name) => {
    const results = await check(WRONG, { knownFailures: { [name]: 'the paper has it so' } })
    expect(resultOf(results, 'direction-is-right')).toMatchObject({ status: 'known-failure', reason: 'the paper has it so' })
    expect(results.filter(({ status }) => status === 'fail')).toEqual([])
  })

  it('are failures when they pass', async () => {
    const results = await check([], { knownFailures: { 'direction-is-right': 'the paper has it so' } })
    expect(resultOf(results, 'direction-is-right')).toMatchObject({
      status: 'fail',
      reason: 'the reason given there is: the paper has it so',
      fix: 'take "direction-is-right" out of knownFailures',
    })
  })

  it('must be checks of the package', async () => {
    await expect(check([], { knownFailures: { 'direction-is-rihgt': 'x' } })).rejects.toThrow('did you mean "direction-is-right"?')
  })
})

describe('a package', () => {
  it('is checked in part when ids are named', async () => {
    const folder = await pluginPackage('metric', 'metric', 'pixel.sound')
    const { groups, dispose } = await openPackage(folder, { plugins: ['pixel.sound'] })
    expect(groups.map(({ plugin }) => plugin?.id ?? null)).toEqual([null, 'pixel.sound'])
    await dispose()
    await expect(openPackage(folder, { plugins: ['pixel.other'] })).rejects.toThrow(/no plugin "pixel.other"[^]*it provides pixel.sound/)
  })

  it('that provides no plugin is refused', async () => {
    await expect(openPackage(new URL('.', import.meta.url))).rejects.toMatchObject({ code: 'IM_IAD_E_NO_PLUGIN' })
  })

  it('whose plugin does not load fails one check, with the reason', async () => {
    const results = await check([['export default {', "throw new Error('out of luck')\nexport default {"]], {})
    expect(resultOf(results, 'loads')).toMatchObject({ status: 'fail', reason: expect.stringContaining('out of luck') })
    expect(resultOf(results, 'direction-is-right')).toMatchObject({ status: 'skip', reason: 'it needs "loads", which fails' })
    expect(results.filter(({ status }) => status === 'fail')).toHaveLength(1)
  })

  it('that never returns fails after the time limit', async () => {
    const results = await check([['const [positives', 'return new Promise(() => undefined)\n    const [positives']], { timeLimit: 0.2 })
    expect(resultOf(results, 'gives-a-number')).toMatchObject({
      status: 'fail',
      reason: expect.stringContaining('still busy after 0.2 seconds'),
    })
  })

  it('is left at once when the signal is aborted', async () => {
    const stop = new AbortController()
    const seen: string[] = []
    const folder = await pluginPackage('metric', 'metric', 'pixel.sound')
    const checking = checkPackage(
      folder,
      {},
      { signal: stop.signal, onResult: ({ check: id }) => void (seen.push(id), stop.abort(new Error('enough'))) },
    )
    await expect(checking).rejects.toThrow('enough')
    expect(seen).toEqual(['manifest'])
  })
})

describe('a backbone of the author', () => {
  it('is opened here and in the other process', async () => {
    const folder = await pluginPackage('algorithm', 'algorithm', 'sound')
    const backbone = new URL('fixtures/eight-channels.js', import.meta.url)
    const { results } = await checkPackage(folder, { backbone })
    expect(results.filter(({ status }) => status !== 'pass')).toEqual([])
  })

  it('must be a function', async () => {
    const folder = await pluginPackage('algorithm', 'algorithm', 'sound')
    const { results } = await checkPackage(folder, { backbone: new URL('fixtures/sound/schema.js', import.meta.url) })
    expect(resultOf(results, 'fits-and-predicts')?.reason).toContain('schema.js does not export a function by default')
  })
})
