import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildPlan } from '../src/plan/build-plan.ts'
import { parseSetting } from '../src/plan/parameter-variants.ts'
import { createRegistry } from '../src/registry/registry.ts'
import { temporaryFolder, TOY_CONFIGURATION, toyPlan, toyRegistry } from './support/toy-run.ts'

const hashes = (plan: Awaited<ReturnType<typeof toyPlan>>): readonly string[] => plan.experiments.map((experiment) => experiment.job.hash)

describe('plan', () => {
  it('makes every combination of categories, parameter values and seeds', async () => {
    const settings = [parseSetting('toy-mean.size=8,16'), parseSetting('toy-split.leak=true')]
    const plan = await toyPlan({ categories: null, settings, seeds: [0, 1, 2] })
    expect(plan.experiments).toHaveLength(2 * 2 * 3)
    expect(new Set(hashes(plan)).size).toBe(12)
    expect(plan.experiments[0]?.job.inputs).toMatchObject({
      category: 'left',
      seed: 0,
      algorithm: { parameters: { size: 8, backbone: 'toy-backbone', fault: 'none' } },
    })
  })

  it('tells plugins by package/id where the id alone would not do, in settings and hashes', async () => {
    const qualified = { algorithms: ['toy-plugins/toy-mean'] }
    const plan = await toyPlan({ ...qualified, settings: [parseSetting('toy-mean.size=8')] })
    expect(plan.experiments[0]?.job.inputs.algorithm).toMatchObject({ id: 'toy-plugins/toy-mean', parameters: { size: 8 } })
    expect(hashes(await toyPlan({ ...qualified, settings: [parseSetting('toy-plugins/toy-mean.size=8')] }))).toEqual(hashes(plan))
    expect(hashes(await toyPlan({ settings: [parseSetting('toy-mean.size=8')] }))).not.toEqual(hashes(plan))
    const other = toyPlan({ ...qualified, settings: [parseSetting('other/toy-mean.size=8')] })
    await expect(other).rejects.toMatchObject({ code: 'IM_IAD_E_PARAMETER' })
  })

  it('makes one experiment over the dataset for a paradigm of that scope', async () => {
    const plan = await toyPlan({ categories: null, paradigms: ['toy-continual'] })
    expect(plan.experiments).toMatchObject([{ job: { inputs: { category: null } }, pictures: { normal: 16, anomalous: 8 } }])
  })

  it('gives the same hashes again, and others when anything changes that numbers depend on', async () => {
    const [reference] = hashes(await toyPlan())
    expect(hashes(await toyPlan())).toEqual([reference])
    const changes = [
      { seeds: [1] },
      { engine: 'wasm' },
      { frame: 'native' as const },
      { budget: 'smoke' as const },
      { categories: ['right'] },
      { settings: [parseSetting('toy.variant=b')] },
      { settings: [parseSetting('toy-mean.size=8')] },
      { settings: [parseSetting('toy-split.labels=true')] },
      { algorithms: ['toy-supervised'] },
    ]
    const changed = await Promise.all(changes.map(async (change) => hashes(await toyPlan(change))[0]))
    expect(new Set([reference, ...changed]).size).toBe(changes.length + 1)
  })

  it('has the contents of the folder of textures in the hashes of algorithms that use one, wherever it lies', async () => {
    const folderWith = async (content: string): Promise<string> => {
      const folder = await temporaryFolder()
      await mkdir(join(folder, 'banded'))
      await writeFile(join(folder, 'banded', 'a.png'), content)
      return folder
    }
    const algorithms = ['toy-supervised']
    const of = async (textureDirectory: string | null): Promise<readonly string[]> =>
      hashes(await toyPlan({ algorithms, textureDirectory }))
    const [first, copy, other] = [await folderWith('one'), await folderWith('one'), await folderWith('two')]
    expect(await of(first)).toEqual(await of(copy))
    expect(new Set([await of(null), await of(first), await of(other)].flat()).size).toBe(3)
    expect(hashes(await toyPlan({ textureDirectory: first }))).toEqual(hashes(await toyPlan()))
  })

  it('refuses a folder of textures that is not there or empty, before anything runs', async () => {
    const folder = await temporaryFolder()
    const plan = async (textureDirectory: string): Promise<unknown> => toyPlan({ algorithms: ['toy-supervised'], textureDirectory })
    await expect(plan(folder)).rejects.toThrow('the folder of textures is empty')
    await expect(plan(join(folder, 'missing'))).rejects.toMatchObject({ code: 'IM_IAD_E_TEXTURES' })
  })

  it('does not depend on limits, threads or what is kept', async () => {
    const other = await toyPlan({ threads: 8, retention: 'all', timeLimitSeconds: 5, memoryLimitBytes: 1e9 })
    expect(hashes(other)).toEqual(hashes(await toyPlan()))
  })

  it('takes the budget below the settings', async () => {
    const sizeOf = async (...settings: readonly string[]): Promise<unknown> =>
      (await toyPlan({ budget: 'smoke', settings: settings.map(parseSetting) })).experiments[0]?.job.inputs.algorithm.parameters['size']
    expect(await sizeOf()).toBe(8)
    expect(await sizeOf('toy-mean.size=12')).toBe(12)
  })

  it('records the backbone with its revision', async () => {
    const [experiment] = (await toyPlan()).experiments
    expect(experiment?.job.inputs.backbones).toEqual([{ parameter: 'backbone', name: 'toy-backbone', revision: 3, sha256: null }])
  })

  it('passes on what the dataset warns of', async () => {
    expect((await toyPlan({ settings: [parseSetting('toy.variant=half')] })).warnings).toEqual(['half of it is missing'])
  })

  it.each([
    [{ algorithms: ['toy-meen'] }, 'did you mean "toy-mean"?'],
    [{ datasets: ['toi'] }, 'did you mean "toy"?'],
    [{ paradigms: ['nothing-like-it'] }, 'there is no paradigm "nothing-like-it"'],
    [{ categories: ['lefd'] }, 'did you mean "left"?'],
    [{ settings: [parseSetting('toy-mean.sise=8')] }, 'did you mean "size"?'],
    [{ settings: [parseSetting('toy-mean.fault=nonne')] }, 'fault = "nonne": nonne is not allowed'],
    [{ settings: [parseSetting('toy-meen.size=8')] }, 'did you mean "toy-mean"?'],
    [{ settings: [parseSetting('toy-mean.backbone=resnet99')] }, 'toy-mean needs the backbone "resnet99", which is not installed'],
    [{ settings: [parseSetting('toy-mean.backbone=./gone.onnx')] }, 'cannot use this file as a backbone'],
  ])('refuses %j', async (change, message) => {
    await expect(toyPlan(change)).rejects.toThrow(message)
  })

  it('says that nothing is installed', async () => {
    const registry = createRegistry({ ...(await toyRegistry()).discovery, plugins: [] })
    await expect(buildPlan(TOY_CONFIGURATION, { registry, homeDirectory: await temporaryFolder() })).rejects.toThrow(
      'no algorithm is installed',
    )
  })

  it.each(['nonsense', 'a=b', '.x=1', 'a.=1'])('refuses the setting %j', (text) => {
    expect(() => parseSetting(text)).toThrow('PLUGIN.PARAMETER=VALUE')
  })
})
