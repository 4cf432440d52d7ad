import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { encodePng } from '@im-iad/images'
import { beforeAll, describe, expect, it } from 'vitest'
import { imIad, parseJson, temporaryFolder, TOY_PLUGINS, type Outcome } from './support/im-iad.ts'
import { algorithm, announce, declarePackages, installPackage } from './support/plugin-package.ts'

const TOY = ['--plugin', TOY_PLUGINS, '-d', 'toy', '-c', 'left', '-a', 'toy-mean', '-p', 'toy-split', '--run', 'mine']

/** Whether text holds a character that a terminal obeys, or that turns the direction of reading. */
const steers = (text: string): boolean => /[\p{Cc}\u202E]/u.test(text.replaceAll('\n', '').replaceAll('\t', ''))

/** Everything below a folder, as paths from it. */
async function filesBelow(folder: string): Promise<readonly string[]> {
  return (await readdir(folder, { recursive: true })).toSorted()
}

describe('pictures with hostile names', () => {
  const NAMES = [
    '"><img src=x onerror=alert(1)>',
    '=cmd|calc',
    'gnp\u202Eexe',
    'clear\u001B[2J\u001B]0;title\u0007',
    'one\ntwo',
    '-rf',
    '..',
    'x'.repeat(180),
  ]
  let cwd: string
  let run: Outcome

  beforeAll(async () => {
    cwd = await temporaryFolder()
    let pictures = 0
    const write = async (path: string): Promise<void> => {
      await mkdir(dirname(join(cwd, 'pictures', path)), { recursive: true })
      // Twins and copies are refused: every picture differs from the others.
      const step = 7 + 2 * pictures++
      const data = Uint8Array.from({ length: 768 }, (_, index) => (index * step) % 251)
      await writeFile(join(cwd, 'pictures', path), await encodePng({ width: 16, height: 16, channels: 3, data }))
    }
    for (const name of NAMES)
      for (const folder of ['train/good', 'test/good', `test/${name === '..' ? 'dots' : name}`]) await write(`${folder}/${name}.png`)
    run = await imIad(
      [
        'run',
        '-d',
        'folder',
        '--data-root',
        'pictures',
        '-a',
        'padim',
        '--budget',
        'smoke',
        '--set',
        'padim.size=32',
        '--run',
        'mine',
        '--maps',
        'all',
      ],
      { cwd },
    )
  }, 60_000)

  it('are run, shown so that a terminal obeys none of them, and stay in the run folder', async () => {
    expect(run.code).toBe(0)
    expect(steers(run.stdout + run.stderr)).toBe(false)
    expect(await readdir(cwd)).toEqual(['pictures', 'runs'])
    const files = await filesBelow(join(cwd, 'runs', 'mine'))
    const unexpected = files.filter(
      (file) =>
        !/^(plan\.json|experiments|work|experiments\/[0-9a-f]{64}(\/(maps|maps\/(index\.json|\d{4}-(picture|mask)\.png|\d{4}-map\.npy)|(record|split)\.json|scores\.csv|log\.jsonl))?)$/.test(
          file,
        ),
    )
    expect(unexpected).toEqual([])
  })

  it('make a page of one script, and tables in one piece', async () => {
    expect((await imIad(['report', 'mine', '--html', 'page.html'], { cwd })).code).toBe(0)
    const page = await readFile(join(cwd, 'page.html'), 'utf8')
    expect(page.match(/<script/g)).toHaveLength(1)
    expect(page).not.toContain('<img src=x')
    expect(steers(page)).toBe(false)
    for (const format of ['table', 'markdown', 'latex', 'csv', 'json']) {
      const { stdout } = await imIad(['report', 'mine', '--format', format], { cwd })
      expect(steers(stdout)).toBe(false)
    }
  })
})

describe('what plugins print and throw', () => {
  const CLEAR = `\u001B[2J\u001B[1;1Hall done\u0007`

  it('steers no terminal and never mixes with results', async () => {
    const project = await temporaryFolder()
    const hostile = `process.stdout.write('printed at import\\n'); console.log('logged at import')\n${algorithm('hostile', `throw new Error(${JSON.stringify(CLEAR)})`)}`
    await installPackage(project, { name: 'hostile', version: `1.0.0${CLEAR}`, imIad: announce('hostile', 'algorithm'), entry: hostile })
    await declarePackages(project, 'hostile')
    const outcome = await imIad(['run', ...TOY, '-a', 'hostile', '--json'], { cwd: project })
    const { experiments } = parseJson<{ experiments: readonly { readonly error: { readonly message: string } | null }[] }>(outcome)
    expect(experiments.map((experiment) => experiment.error?.message)).toContain(`Error: ${CLEAR}`)
    expect(outcome.stderr).toContain('printed at import')
    expect(outcome.stderr).toContain('logged at import')
    expect(steers(outcome.stdout + outcome.stderr)).toBe(false)
    for (const parameters of [['list'], ['plugins'], ['plugins', 'doctor'], ['info', 'hostile'], ['run', ...TOY, '-a', 'hostile']]) {
      const { stdout, stderr } = await imIad(parameters, { cwd: project })
      expect(steers(stdout + stderr)).toBe(false)
    }
  })
})

describe('a run folder from elsewhere', () => {
  /** Code that leaves a proof when it is run. */
  const proofCode = (proof: string): string => `import { writeFileSync } from 'node:fs'\nwriteFileSync(${JSON.stringify(proof)}, '')\n`

  async function strangersRun(): Promise<{ readonly cwd: string; readonly proof: string; readonly experiment: string }> {
    const cwd = await temporaryFolder()
    expect((await imIad(['run', ...TOY], { cwd })).code).toBe(0)
    const run = join(cwd, 'runs', 'mine')
    const [hash = ''] = await readdir(join(run, 'experiments'))
    const experiment = join(run, 'experiments', hash)
    const proof = join(cwd, 'proof')
    for (const folder of [cwd, run, experiment])
      for (const name of ['evil.js', 'index.js', 'plugin.mjs']) await writeFile(join(folder, name), proofCode(proof))
    const manifest = JSON.stringify({
      name: 'evil',
      version: '1.0.0',
      main: 'evil.js',
      type: 'module',
      imIad: announce('toy-mean', 'algorithm'),
    })
    await writeFile(join(run, 'package.json'), manifest)
    await writeFile(join(experiment, 'package.json'), manifest)
    await mkdir(join(run, 'work', hash), { recursive: true })
    await writeFile(join(run, 'work', hash, 'step-0.checkpoint'), proofCode(proof))
    return { cwd, proof, experiment }
  }

  /** Adds to a JSON file what a reader that trusts it would import or pollute its objects with. */
  async function poison(file: string, entry: string): Promise<void> {
    const location = {
      kind: 'algorithm',
      id: 'toy-mean',
      package: 'evil',
      version: '1.0.0',
      entry,
      directory: dirname(entry),
      declaredBy: 'x',
      foundIn: 'project',
    }
    const content: unknown = JSON.parse(await readFile(file, 'utf8'))
    const add = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(add)
      if (typeof value !== 'object' || value === null) return value
      return {
        ...Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, add(inner)])),
        entry,
        plugin: location,
        job: { algorithm: location },
      }
    }
    const text = JSON.stringify(add(content)).replaceAll(
      '"entry":',
      '"__proto__":{"polluted":true,"toString":"x"},"constructor":{"prototype":{"polluted":true}},"entry":',
    )
    await writeFile(file, text)
  }

  it('is reported and gone on with; nothing in it is run', async () => {
    const { cwd, proof, experiment } = await strangersRun()
    const record = join(experiment, 'record.json')
    for (const file of [
      join(cwd, 'runs', 'mine', 'plan.json'),
      record,
      join(experiment, 'split.json'),
      join(experiment, 'maps', 'index.json'),
    ])
      await poison(file, join(cwd, 'evil.js'))
    for (const parameters of [
      ['report', './runs/mine', '--format', 'json'],
      ['report', 'mine', '--html', 'page.html'],
      ['run', ...TOY],
    ])
      expect((await imIad(parameters, { cwd })).code).toBe(0)
    expect(existsSync(proof)).toBe(false)
  })

  it('is done again where its record is missing, by installed plugins only', async () => {
    const { cwd, proof, experiment } = await strangersRun()
    await poison(join(cwd, 'runs', 'mine', 'plan.json'), join(cwd, 'evil.js'))
    await writeFile(join(experiment, 'record.json'), '')
    expect((await imIad(['run', ...TOY], { cwd })).code).toBe(0)
    expect((await stat(join(experiment, 'record.json'))).size).toBeGreaterThan(0)
    expect(existsSync(proof)).toBe(false)
  })
})

describe('a configuration file from elsewhere', () => {
  async function runFile(text: string): Promise<Outcome> {
    const cwd = await temporaryFolder()
    await writeFile(join(cwd, 'im-iad.yaml'), text)
    return imIad(['run', 'im-iad.yaml'], { cwd })
  }

  it.each([
    [
      'of aliases that multiply',
      [
        'a: &a [x, x, x, x, x, x, x, x, x]',
        ...'bcdefghi'.split('').map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[index]}`).join(', ')}]`),
      ].join('\n'),
      'alias',
    ],
    ['with tags of code', 'datasets: !!js/function "function () { return process.exit(7) }"\nalgorithms: {}', 'IM_IAD_E_CONFIGURATION'],
    ['with keys of prototypes', '__proto__: { polluted: true }\ndatasets: toy', 'unknown key "__proto__"'],
    ['that names a run outside of the runs', 'datasets: toy\nalgorithms: toy-mean\nrun: ../../elsewhere', 'is no name of a run'],
    ['that is no mapping', '- a\n- b', 'IM_IAD_E_CONFIGURATION'],
  ])('%s is refused', async (_name, text, message) => {
    const { stderr, code } = await runFile(text)
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('unexpected error')
    expect(code).toBe(2)
  })
})
