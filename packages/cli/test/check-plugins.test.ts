import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { imIad, parseJson, temporaryFolder } from './support/im-iad.ts'

interface Checked {
  readonly schema: number
  readonly package: string
  readonly results: readonly {
    readonly plugin: { readonly kind: string; readonly id: string } | null
    readonly check: string
    readonly why: string
    readonly status: string
    readonly reason: string | null
    readonly fix: string | null
  }[]
  readonly summary: { readonly pass: number; readonly fail: number; readonly skip: number }
}

const packageFolder = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url))

const METRIC = `export default {
  kind: 'metric', contract: 1, id: 'image.mean', revision: 1, title: 'Mean score', citation: 'none', level: 'image', direction: 'higher-is-better',
  compute({ samples, scores }) {
    console.log('computing')
    const anomalous = scores.filter((_, index) => samples[index].label === 'anomalous')
    const value = anomalous.reduce((sum, score) => sum + score, 0) / anomalous.length
    return Number.isFinite(value) ? { value } : { value: null, reason: 'nothing anomalous, or a score that is not finite' }
  }
}`

/** A plugin package of one file. */
async function plugin(kind: string, id: string, source: string, manifest: object = {}): Promise<string> {
  const folder = join(await temporaryFolder(), 'plugin')
  await mkdir(folder)
  await writeFile(join(folder, 'index.js'), source)
  const imIadField = { contract: 1, provides: [{ kind, id, entry: './index.js' }] }
  const peerDependencies = { '@im-iad/core': '^1.0.0' }
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'im-iad-mine', version: '0.1.0', type: 'module', peerDependencies, imIad: imIadField, ...manifest }),
  )
  return folder
}

describe('im-iad plugins check', () => {
  it('lists what passes, what fails with why and what to do, and what is skipped', async () => {
    const { code, stdout, stderr } = await imIad(['plugins', 'check', await plugin('metric', 'image.mean', METRIC)])
    expect(code).toBe(1)
    expect(stdout).toContain('package\n  ok     manifest\n  ok     core-is-a-peer\n  FAILED is-found-by-people\n')
    expect(stdout).toMatch(/seen: .*"im-iad-plugin"\n {9}why: {2}.+\n {9}fix: {2}add "im-iad-plugin" to "keywords"/)
    expect(stdout).toContain('\nmetric image.mean\n  ok     loads\n')
    expect(stdout).toContain('  skip   missing-maps-give-null: it reads no maps\n')
    expect(stdout).toMatch(/im-iad-mine@0\.1\.0: \d+ checks, \d+ passed, 1 failed, 3 skipped\n$/)
    expect(stderr).toContain('computing')
  })

  it('prints one document with --json, whatever the plugin prints', async () => {
    const folder = await plugin('metric', 'image.mean', METRIC, { keywords: ['im-iad-plugin'] })
    const outcome = await imIad(['plugins', 'check', '--json'], { cwd: folder })
    const { schema, package: name, results, summary } = parseJson<Checked>(outcome)
    expect([outcome.code, schema, name, summary.fail]).toEqual([0, 1, 'im-iad-mine', 0])
    expect(results.find(({ check }) => check === 'direction-is-right')).toMatchObject({
      plugin: { kind: 'metric', id: 'image.mean' },
      status: 'pass',
      reason: null,
      fix: null,
    })
    expect(summary.pass + summary.skip).toBe(results.length)
  })

  it('says the why of every check when asked', async () => {
    const { code, stdout } = await imIad(['plugins', 'check', packageFolder('paradigm-unsupervised'), '--why'])
    expect(code).toBe(0)
    expect(stdout).toContain(' 0 failed, 0 skipped')
    expect(stdout).toContain('  ok     does-not-leak\n         What is tested must not have been trained on')
  })

  it('takes parameters and a data root', async () => {
    const small = ['width=32', 'height=32', 'trainNormal=2', 'testNormal=2', 'testAnomalous=3'].flatMap((setting) => ['--set', setting])
    const synthetic = await imIad(['plugins', 'check', packageFolder('datasets-synthetic'), ...small])
    expect([synthetic.code, synthetic.stdout]).toEqual([0, expect.stringContaining(' 0 failed')])
    const root = await temporaryFolder()
    const folder = await imIad(['plugins', 'check', packageFolder('datasets-folder'), '--data-root', root])
    expect(folder.code).toBe(1)
    expect(folder.stdout).toMatch(/FAILED opens\n {9}seen: it threw ImIadError: cannot make out/)
  })

  it('exits 2 for what is no plugin package, and for a setting that cannot be read', async () => {
    const nothing = await imIad(['plugins', 'check', await temporaryFolder()])
    expect([nothing.code, nothing.stdout]).toEqual([2, ''])
    expect(nothing.stderr).toContain('im-iad: there is no plugin package to check [IM_IAD_E_NO_PLUGIN]')
    const setting = await imIad(['plugins', 'check', packageFolder('metrics'), '--set', 'size'])
    expect([setting.code, setting.stderr]).toEqual([2, expect.stringContaining('cannot read --set size')])
  })

  it('stops at once on Ctrl-C, whatever the plugin does, and exits 130', async () => {
    const endless = METRIC.replace(
      "console.log('computing')",
      "console.log('computing'); return new Promise((resolve) => setTimeout(resolve, 60000))",
    )
    const folder = await plugin('metric', 'image.mean', endless)
    let interrupted = 0
    const { code, stderr } = await imIad(['plugins', 'check', folder], {
      onStart: (child) =>
        child.stderr?.once('data', () => {
          interrupted = performance.now()
          child.kill('SIGINT')
        }),
    })
    expect(performance.now() - interrupted).toBeLessThan(1000)
    expect([code, stderr]).toEqual([130, expect.stringContaining('im-iad: interrupted')])
  })
})
