import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { imIad, parseJson, temporaryFolder, TOY_PLUGINS } from './support/im-iad.ts'

interface RunDocument {
  readonly schema: number
  readonly run: string
  readonly experiments: readonly {
    readonly hash: string
    readonly status: string
    readonly category: string | null
    readonly algorithm: string
    readonly metrics: Readonly<Record<string, number | null>>
    readonly reasons: Readonly<Record<string, string>>
    readonly error: { readonly code: string; readonly message: string } | null
    readonly measured: { readonly engine?: { readonly libraries: string; readonly fallbacks: Readonly<Record<string, number>> } }
  }[]
}

const SMALL = [
  '-d',
  'synthetic',
  '-a',
  'patchcore,padim',
  '-p',
  'unsupervised',
  '--budget',
  'smoke',
  '--set',
  'synthetic.trainNormal=8',
  '--set',
  'synthetic.testNormal=4',
  '--set',
  'synthetic.testAnomalous=4',
]
const TOY = ['--plugin', TOY_PLUGINS, '-d', 'toy', '-c', 'left', '-a', 'toy-mean', '-p', 'toy-split']

describe('im-iad run', () => {
  it('runs real algorithms on the embedded data, and goes on where it stopped', async () => {
    const cwd = await temporaryFolder()
    const { plugins } = parseJson<{ plugins: { id: string }[] }>(await imIad(['list', 'datasets', '--json']))
    expect(plugins.map((plugin) => plugin.id)).toContain('synthetic')
    const first = await imIad(['run', ...SMALL, '--json'], { cwd })
    expect(first.stderr).not.toContain('failed')
    const document = parseJson<RunDocument>(first)
    expect(first.code).toBe(0)
    for (const experiment of document.experiments) {
      expect(experiment.status).toBe('done')
      expect(experiment.measured.engine?.libraries).toMatch(/^onnxruntime \(ONNX Runtime 1\.\d+\.\d+ .*TensorFlow\.js 4\./)
      expect(experiment.measured.engine?.fallbacks).toEqual({})
      for (const id of ['image.auroc', 'image.ap', 'pixel.auroc', 'pixel.ap', 'pixel.aupro'])
        expect(experiment.metrics[id]).toBeTypeOf('number')
    }
    const again = await imIad(['run', ...SMALL, '--json'], { cwd })
    expect(parseJson<RunDocument>(again)).toEqual(document)
    expect(again.stderr).toContain(`${document.experiments.length} of ${document.experiments.length} experiments had a record already`)
    expect(await readdir(join(cwd, 'runs'))).toEqual([document.run])
  })

  it('prints a table that names what was run', async () => {
    const { stdout, stderr, code } = await imIad(['run', ...TOY])
    expect(code).toBe(0)
    expect(stdout).toContain('toy-mean')
    expect(stdout).toContain('budget')
    expect(stdout).toContain('toy-backbone')
    expect(stderr).toContain('done      toy/left toy-mean toy-split seed 0')
  })

  it('does the same from a file, where flags win', async () => {
    const cwd = await temporaryFolder()
    const file = [
      'datasets: toy',
      'categories: [left, right]',
      'algorithms: toy-mean',
      'paradigms: toy-split',
      `plugins: ${TOY_PLUGINS}`,
      'seeds: [0, 1]',
      'set:',
      '  toy-mean:',
      '    size: [8, 16]',
      'run: mine',
    ]
    await writeFile(join(cwd, 'im-iad.yaml'), file.join('\n'))
    const whole = parseJson<{ experiments: unknown[] }>(await imIad(['plan', 'im-iad.yaml', '--json'], { cwd }))
    expect(whole.experiments).toHaveLength(8)
    const { run, experiments } = parseJson<RunDocument>(
      await imIad(['run', 'im-iad.yaml', '-c', 'right', '--seeds', '3', '--json'], { cwd }),
    )
    expect(run).toBe('mine')
    expect(experiments.map((experiment) => experiment.category)).toEqual(['right', 'right'])
  })

  it('records a failing experiment, goes on with the others, and exits 1', async () => {
    const outcome = await imIad(['run', ...TOY, '--set', 'toy-mean.fault=throw-at-fit,none', '--json'])
    const { experiments } = parseJson<RunDocument>(outcome)
    expect(outcome.code).toBe(1)
    expect(experiments.map((experiment) => experiment.status).toSorted()).toEqual(['done', 'failed'])
    expect(outcome.stderr).toContain('no luck at fit')
  })

  it('keeps standard output clean when a plugin prints', async () => {
    const outcome = await imIad(['run', ...TOY, '--set', 'toy-mean.fault=print', '--json'])
    expect(parseJson<RunDocument>(outcome).experiments).toHaveLength(1)
  })

  it('stops a plugin that never returns', async () => {
    const { stderr, code } = await imIad(['run', ...TOY, '--set', 'toy-mean.fault=never-return', '--time-limit', '1s'])
    expect(code).toBe(1)
    expect(stderr).toContain('was stopped after 1 seconds')
  })

  it('stops within a second on Ctrl-C, says what is saved, and exits 130', async () => {
    let interrupted = 0
    const { code, stderr } = await imIad(['run', ...TOY, '--set', 'toy-mean.fault=none,never-return'], {
      onStart(child) {
        child.stderr?.on('data', (text: Buffer) => {
          if (!/started[^]*started/.test(text.toString()) && !text.toString().includes('done')) return
          if (interrupted > 0) return
          interrupted = Date.now() + 500
          setTimeout(() => child.kill('SIGINT'), 500)
        })
      },
    })
    expect(code).toBe(130)
    expect(stderr).toContain('1 finished experiment is saved in')
    expect(Date.now() - interrupted).toBeLessThan(1500)
  })

  it.each([
    [['run', '-d', 'mtd', '-a', 'patchcore', '--budget', 'laptop'], 'cannot find the data of dataset "mtd"'],
    [['run', '-d', 'mtd', '-a', 'patchcore', '--budget', 'laptop', '--data-root', 'nowhere'], 'no such folder'],
    [['run', '-d', 'mtdd', '-a', 'patchcore'], 'did you mean "mtd"?'],
    [['run', '-d', 'synthetic', '-a', 'patchcor'], 'did you mean "patchcore"?'],
    [['run', '-d', 'synthetic', '-a', 'patchcore', '-p', 'unsupervized'], 'did you mean "unsupervised"?'],
    [
      ['run', '-d', 'synthetic', '-a', 'patchcore', '--budget', 'laptop', '--set', 'patchcore.coresetRation=1'],
      'did you mean "coresetRatio"?',
    ],
    [['run', '-d', 'synthetic', '-a', 'patchcore', '--budget', 'laptop', '--set', 'patchcore.coresetRatio=7'], 'coresetRatio = 7'],
    [['run', '-d', 'synthetic', '-a', 'patchcore'], '--set patchcore.backbone=embedded'],
    [['run', '-a', 'patchcore'], 'no dataset was chosen'],
    [['run', '-d', 'synthetic', '-a', 'patchcore', '--time-limit', 'soon'], 'a time such as'],
    [['run', 'gone.yaml'], 'cannot use the configuration file'],
    [['run', '--bugdet', 'laptop'], '--budget'],
    [['rnu'], 'run'],
  ])('refuses %j with exit code 2', async (parameters, message) => {
    const { code, stderr, stdout } = await imIad(parameters)
    expect(stderr).toContain(message)
    expect(code).toBe(2)
    expect(stdout).toBe('')
  })

  it('names the nearest key of a configuration file', async () => {
    const cwd = await temporaryFolder()
    await writeFile(join(cwd, 'im-iad.yaml'), 'datsets: [synthetic]')
    const { stderr, code } = await imIad(['run', 'im-iad.yaml'], { cwd })
    expect(stderr).toContain('unknown key "datsets", did you mean "datasets"?')
    expect(code).toBe(2)
  })

  it('says that a run folder is no folder', async () => {
    const cwd = await temporaryFolder()
    await writeFile(join(cwd, 'runs'), 'a file where the folder should be')
    const { stderr, code } = await imIad(['run', ...TOY], { cwd })
    expect(stderr).toContain('cannot write to the run folder')
    expect(code).toBe(2)
  })
})

describe('im-iad plan', () => {
  it('prints the matrix and what it costs, and runs nothing', async () => {
    const cwd = await temporaryFolder()
    const { stdout, code } = await imIad(['plan', ...SMALL], { cwd })
    expect(code).toBe(0)
    expect(stdout).toMatch(/\d+ experiments, budget smoke: about \d+ (s|min)/)
    expect(await readdir(cwd)).toEqual([])
  })
})

describe('im-iad report', () => {
  it('prints every format, and writes one self-contained page', async () => {
    const cwd = await temporaryFolder()
    await imIad(['run', ...TOY, '--run', 'mine'], { cwd })
    for (const [format, expected] of [
      ['table', 'toy-mean'],
      ['markdown', '| '],
      ['latex', '\\begin{tabular}'],
      ['csv', 'image.gap'],
      ['json', '"experiments"'],
    ] as const)
      expect((await imIad(['report', 'mine', '--format', format], { cwd })).stdout).toContain(expected)
    expect((await imIad(['report', 'mine', '--html', 'page.html'], { cwd })).code).toBe(0)
    const page = await readFile(join(cwd, 'page.html'), 'utf8')
    expect(page).toContain('data:image/')
    expect(page).not.toMatch(/(src|href)="https?:/)
  })

  it('names the runs there are', async () => {
    const cwd = await temporaryFolder()
    await imIad(['run', ...TOY, '--run', 'mine'], { cwd })
    const { stderr, code } = await imIad(['report', 'yours'], { cwd })
    expect(stderr).toContain('it holds mine')
    expect(code).toBe(2)
  })
})
