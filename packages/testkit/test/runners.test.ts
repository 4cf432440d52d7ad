import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { pluginPackage, type Change } from './support/plugin-package.ts'

const built = (file: string): string => fileURLToPath(new URL(`../dist/${file}`, import.meta.url))

const VITEST = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')

const WRONG: readonly Change[] = [
  ['higher-is-better', 'lower-is-better'],
  ['rankBased: true', 'rankBased: false'],
]

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[]
  }[]
}

/** A conformance test file as an author of a metric would write it. */
async function writeConformanceTest(root: string, name: string, source: readonly Change[], options: object): Promise<void> {
  const folder = await pluginPackage('metric', 'metric', 'pixel.sound', { source })
  const adapter = pathToFileURL(built('vitest.js')).href
  const text = `import { testConformance } from '${adapter}'\nawait testConformance('${folder}', ${JSON.stringify(options)})\n`
  await writeFile(join(root, `${name}.test.js`), text)
}

describe('the vitest adapter', () => {
  let report: VitestReport
  beforeAll(async () => {
    const root = await mkdtemp(join(tmpdir(), 'im-iad-vitest-'))
    const knownFailures = { 'direction-is-right': 'the paper has it so' }
    await writeConformanceTest(root, 'wrong', WRONG, {})
    await writeConformanceTest(root, 'known', WRONG, { knownFailures })
    await writeConformanceTest(root, 'mended', [], { knownFailures })
    const { stdout } = spawnSync(process.execPath, [VITEST, 'run', '--root', root, '--reporter', 'json'], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, VITEST: undefined, VITEST_WORKER_ID: undefined, VITEST_POOL_ID: undefined },
    })
    report = JSON.parse(stdout)
  }, 120_000)

  const statusesIn = (file: string, ...checks: readonly string[]): readonly (string | undefined)[] => {
    const results = report.testResults.find(({ name }) => name.endsWith(`${file}.test.js`))?.assertionResults ?? []
    return checks.map((check) => results.find(({ title }) => title.startsWith(`${check}: `))?.status)
  }

  it('passes, fails and skips check by check', () => {
    const checks = ['direction-is-right', 'only-the-order-of-scores-counts', 'gives-a-number', 'manifest']
    expect(statusesIn('wrong', ...checks)).toEqual(['failed', 'skipped', 'passed', 'passed'])
  })

  it('passes with a known failure, and fails when it is none', () => {
    expect([...statusesIn('known', 'direction-is-right'), ...statusesIn('mended', 'direction-is-right')]).toEqual(['passed', 'failed'])
  })
})

describe("Node's own test runner", () => {
  it('runs the checks as the README shows', async () => {
    const folder = await pluginPackage('metric', 'metric', 'pixel.sound', { source: [['higher-is-better', 'lower-is-better']] })
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    const [, example = ''] = /```ts\n(import test from 'node:test'[^]*?)```/.exec(readme) ?? []
    const text = example.replace("'@im-iad/testkit'", `'${pathToFileURL(built('index.js')).href}'`).replace("'..'", "'.'")
    await writeFile(join(folder, 'conformance.test.mjs'), text)
    const { status, stdout } = spawnSync(process.execPath, ['--test', '--test-reporter', 'tap', join(folder, 'conformance.test.mjs')], {
      encoding: 'utf8',
      env: { ...process.env, NODE_TEST_CONTEXT: undefined },
    })
    expect(status).toBe(1)
    expect(stdout).toMatch(/^\s*not ok \d+ - direction-is-right$/m)
    expect(stdout).toMatch(/^\s*ok \d+ - gives-a-number$/m)
    expect(stdout).toMatch(/^# fail 1$/m)
  })
})
