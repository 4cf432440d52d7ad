import { spawn } from 'node:child_process'
import { copyFile, mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createRandomSource } from '@im-iad/core'
import { encodePng, readImage } from '@im-iad/images'
import { beforeAll, describe, expect, it } from 'vitest'
import { IM_IAD, imIad, parseJson, temporaryFolder, type Outcome } from './support/im-iad.ts'

const SMALL = ['--budget', 'smoke', '--set', 'padim.size=32', '--set', 'patchcore.size=32']
const SIDE = 36
const GOOD = 22
let cwd: string
let fitted: Outcome

async function writePart(folder: string, index: number, isBad: boolean): Promise<void> {
  const random = createRandomSource(index + (isBad ? 1000 : 0), 'test').stream('part')
  const waves = Array.from({ length: 5 }, () => random.uniform() * 12)
  const data = Uint8Array.from({ length: SIDE * SIDE }, (_, pixel) => {
    const [x, y] = [pixel % SIDE, Math.floor(pixel / SIDE)]
    const texture = waves.reduce((sum, wave, number) => sum + Math.sin(wave * ((number % 2 === 0 ? x : y) / SIDE) + wave), 0)
    return isBad && x > 12 && x < 24 && y > 10 && y < 20 ? 10 : 128 + 7 * texture + 8 * random.uniform()
  })
  await mkdir(join(cwd, folder), { recursive: true })
  await writeFile(join(cwd, folder, `${index}.png`), await encodePng({ width: SIDE, height: SIDE, channels: 1, data }))
}

beforeAll(async () => {
  cwd = await temporaryFolder()
  for (let index = 0; index < GOOD; index++) await writePart('parts/good', index, false)
  for (let index = 0; index < 4; index++) await writePart('parts/bad', index, true)
  for (let index = 20; index < 23; index++) await writePart('line', index, index === 21)
  await mkdir(join(cwd, 'alone'))
  for (const name of await readdir(join(cwd, 'parts/good'))) await copyFile(join(cwd, 'parts/good', name), join(cwd, 'alone', name))
  fitted = await imIad(['fit', 'parts', '-a', 'padim', ...SMALL], { cwd })
})

const rows = (stdout: string): readonly string[][] =>
  stdout
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))

interface TryDocument {
  readonly algorithm: string
  readonly threshold: number
  readonly auroc: { readonly value: number; readonly low: number; readonly high: number } | null
  readonly model: string
  readonly report: string
  readonly statement: string
  readonly detection: { readonly hits: number; readonly count: number } | null
  readonly costOptimal: { readonly threshold: number; readonly crossFitted: { readonly cost: number } | null } | null
  readonly pictures: { readonly good: number; readonly bad: number; readonly heldOut: string }
  readonly algorithms: readonly { readonly id: string; readonly millisecondsPerPicture: number }[]
}

describe('im-iad try', () => {
  it('recommends, saves a model that decides alike, and writes a page', async () => {
    const outcome = await imIad(['try', 'parts', '--json', '--cost-miss', '50', '--cost-false-alarm', '1', ...SMALL], { cwd })
    expect(outcome.code).toBe(0)
    const document = parseJson<TryDocument>(outcome)
    expect(document.algorithms.map(({ id }) => id).toSorted()).toEqual(['padim', 'patchcore'])
    expect(document.pictures).toMatchObject({ good: GOOD, bad: 4, heldOut: 'cross-fitting' })
    expect(document.auroc?.value).toBeGreaterThan(0.9)
    expect(document.statement).toContain("can't support 1 %")
    expect(document.costOptimal?.crossFitted?.cost).toBeTypeOf('number')
    expect(document.model).toBe(join(cwd, 'parts-try', 'model'))
    const predicted = await imIad(['predict', document.model, 'parts/bad'], { cwd })
    expect(rows(predicted.stdout).filter(([, , decision]) => decision === 'anomalous')).toHaveLength(document.detection?.hits ?? -1)
    const page = await readFile(document.report, 'utf8')
    expect(page.match(/<figure>/g)).toHaveLength(4 + 12)
    expect(page).toContain(`threshold ${document.threshold.toPrecision(4)}`)
    expect(page).not.toMatch(/src="http|<script/)
    expect(parseJson(outcome)).toEqual(JSON.parse(await readFile(join(cwd, 'parts-try/try.json'), 'utf8')))
  })

  it('gives a model, a threshold and the most unusual pictures of good ones alone', async () => {
    const outcome = await imIad(['try', 'alone', ...SMALL, '-a', 'padim', '--out', 'result'], { cwd })
    expect(outcome.code).toBe(0)
    expect(outcome.stderr).toContain('There is no good/ folder: all 22 pictures')
    expect(outcome.stdout).toContain('take       padim')
    expect(outcome.stdout).toContain('finds      unknown: there are no bad pictures')
    expect(await readFile(join(cwd, 'result/report.html'), 'utf8')).toContain('The most unusual good pictures')
    expect(await readdir(join(cwd, 'result/model'))).toContain('model.json')
  })

  it('does not touch a folder that is not its own', async () => {
    await mkdir(join(cwd, 'thesis'))
    await writeFile(join(cwd, 'thesis/chapter.txt'), 'words')
    const { code, stderr } = await imIad(['try', 'parts', ...SMALL, '--out', 'thesis'], { cwd })
    expect(stderr).toContain('IM_IAD_E_OUTPUT')
    expect(code).toBe(2)
    expect(await readdir(join(cwd, 'thesis'))).toEqual(['chapter.txt'])
  })

  it.each([
    [['try'], 'no folder of pictures was named'],
    [['try', 'nowhere'], 'IM_IAD_E_'],
    [['try', 'parts', '--false-reject', '200%'], 'a share between 0 and 1'],
    [['try', 'parts', '--cost-miss', '3'], 'one cost says nothing without the other'],
    [['fit', 'parts', '-a', 'padim', '--data-root', 'parts'], 'the pictures are named twice'],
    [['fit', 'parts', '-a', 'pading'], 'did you mean "padim"'],
    [['predict', 'model'], 'no picture was named'],
    [['predict', 'parts', 'line'], 'cannot load the model'],
  ])('answers %j with what to do', async (parameters, message) => {
    const { code, stderr } = await imIad(parameters, { cwd })
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })
})

describe('im-iad fit', () => {
  it('saves a model and says what its threshold promises', () => {
    expect(fitted.code).toBe(0)
    expect(fitted.stdout).toContain(`padim, fitted on ${GOOD} good pictures`)
    expect(fitted.stdout).toContain("can't support 1 %")
    expect(fitted.stdout).toContain('of 4 bad pictures (')
    expect(fitted.stderr).toContain('im-iad predict model PICTURES')
  })
})

describe('im-iad predict', () => {
  it('prints a line per picture, in the order of names', async () => {
    const { code, stdout, stderr } = await imIad(['predict', 'model', 'line'], { cwd })
    expect(stdout.split('\n', 1)[0]).toBe('path,score,decision')
    expect(rows(stdout).map(([path, , decision]) => [path, decision])).toEqual([
      ['line/20.png', 'good'],
      ['line/21.png', 'anomalous'],
      ['line/22.png', 'good'],
    ])
    expect(stderr).toMatch(/^threshold \d[\d.]*: 2 good, 1 anomalous$/m)
    expect(code).toBe(0)
  })

  it('exits with 3 on an anomalous picture when asked to, and with 0 on good ones', async () => {
    expect((await imIad(['predict', 'model', 'line', '--fail-on', 'anomalous'], { cwd })).code).toBe(3)
    expect((await imIad(['predict', 'model', 'line/20.png', '--fail-on', 'anomalous'], { cwd })).code).toBe(0)
  })

  it('never passes an unreadable picture as good: it is reported, and the exit code is 1', async () => {
    await writeFile(join(cwd, 'broken.png'), 'no picture')
    const { code, stdout, stderr } = await imIad(
      ['predict', 'model', 'line/20.png', 'broken.png', '--fail-on', 'anomalous', '--format', 'jsonl'],
      { cwd },
    )
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
    expect(lines).toMatchObject([{ decision: 'good' }, { path: 'broken.png', score: null, decision: 'unreadable' }])
    expect(lines[1]?.['reason']).toContain('cannot decode')
    expect(stderr).toContain('1 unreadable: not decided')
    expect(code).toBe(1)
  })

  it('reads paths from standard input', async () => {
    const child = spawn(process.execPath, [IM_IAD, 'predict', 'model', '-'], { cwd, stdio: ['pipe', 'pipe', 'ignore'] })
    child.stdin.end('line/21.png\r\nline/22.png\n')
    let stdout = ''
    for await (const text of child.stdout.setEncoding('utf8')) stdout += String(text)
    expect(rows(stdout).map(([path]) => path)).toEqual(['line/21.png', 'line/22.png'])
  })

  it('writes heat maps in the size of the pictures, mirrored below the folder', async () => {
    const { stderr } = await imIad(['predict', 'model', 'line', '--maps', 'heat'], { cwd })
    expect(stderr).toContain(`heat maps: ${join(cwd, 'heat')}`)
    expect((await readdir(join(cwd, 'heat/line'))).toSorted()).toEqual(['20.png.png', '21.png.png', '22.png.png'])
    expect(await readImage(join(cwd, 'heat/line/21.png.png'))).toMatchObject({ width: SIDE, height: SIDE, channels: 3 })
  })

  it('tells of drift when the camera grows noisy, and not when it does not', async () => {
    for (let index = 100; index < 100 + GOOD; index++) await writePart('same', index, false)
    await mkdir(join(cwd, 'noisy'), { recursive: true })
    const random = createRandomSource(1, 'test').stream('noise')
    for (const name of await readdir(join(cwd, 'same'))) {
      const picture = await readImage(join(cwd, 'same', name))
      const data = picture.data.map((value) => Math.min(255, value + random.uniform() * 40))
      await writeFile(join(cwd, 'noisy', name), await encodePng({ ...picture, data }))
    }
    const same = await imIad(['predict', 'model', 'same', '--threshold', '1000000'], { cwd })
    expect(same.stderr).not.toContain('drift')
    const noisy = await imIad(['predict', 'model', 'noisy', '--threshold', '1000000'], { cwd })
    expect(noisy.stderr).toContain(`drift: the scores of ${GOOD} good-looking pictures are higher`)
    expect(noisy.stderr).toContain('rank-sum test')
  })

  it('watches a folder: waits until a file is whole, and ends cleanly on Ctrl-C', async () => {
    await mkdir(join(cwd, 'drop'), { recursive: true })
    await copyFile(join(cwd, 'line/20.png'), join(cwd, 'drop/first.png'))
    const child = spawn(process.execPath, [IM_IAD, 'predict', 'model', '--watch', 'drop'], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    const until = async (text: string): Promise<void> => {
      for (let tries = 0; tries < 600 && !stdout.includes(text); tries++) await setTimeout(50)
      expect(stdout).toContain(text)
    }
    await until('drop/first.png')
    // Half a file, then the rest: a decision on the half would be "unreadable".
    const bytes = await readFile(join(cwd, 'line/21.png'))
    const file = await open(join(cwd, 'drop/slow.png'), 'w')
    await file.write(bytes.subarray(0, 400))
    await setTimeout(300)
    await file.write(bytes.subarray(400))
    await file.close()
    await writeFile(join(cwd, 'drop/notes.txt'), 'no picture')
    await until('drop/slow.png')
    child.kill('SIGINT')
    expect(await ended).toBe(0)
    expect(rows(stdout).map(([path, , decision]) => [path, decision])).toEqual([
      ['drop/first.png', 'good'],
      ['drop/slow.png', 'anomalous'],
    ])
  })

  it('stops quietly when nobody reads any more', async () => {
    const child = spawn(process.execPath, [IM_IAD, 'predict', 'model', ...Array.from({ length: 60 }, () => 'alone')], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    child.stdout.once('data', () => child.stdout.destroy())
    expect(await ended).toBe(1)
    expect(stderr).not.toContain('unexpected error')
  })

  it('leaves no model behind when fitting is interrupted', async () => {
    const child = spawn(process.execPath, [IM_IAD, 'fit', 'parts', '-a', 'patchcore', '--budget', 'laptop', '--out', 'never'], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    child.stderr.once('data', () => child.kill('SIGINT'))
    expect(await ended).toBe(130)
    expect((await readdir(cwd)).filter((name) => name.includes('never'))).toEqual([])
    await rm(join(cwd, 'never'), { recursive: true, force: true })
  })
})
