import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildPlan, createLocalExecutor, createRegistry, discover, executePlan, openRunStore } from '@im-iad/core'
import { describe, expect, it } from 'vitest'
import { pluginPackage, type Change } from './support/plugin-package.ts'
import { soundData } from './support/sound-data.ts'

/** What an algorithm was handed, as the names of properties. */
interface Handed {
  readonly predict?: readonly (readonly string[])[]
  readonly sample?: readonly string[]
  readonly auxiliary?: readonly string[]
  readonly request?: readonly string[]
}

/** Tells by the experiment's log of everything that it is handed. */
const SPYING: readonly Change[] = [
  ["id: 'sound'", "id: 'spy'"],
  ["default: 'any'", "default: 'sound'"],
  [
    'async fit({ task, samples, auxiliary, checkpoint, onProgress, signal }) {',
    `async fit(request) {
    const { task, samples, auxiliary, checkpoint, onProgress, signal } = request
    const keys = (value) => Reflect.ownKeys(value).map(String).sort()
    this.context.log(JSON.stringify({ request: keys(request) }))
    for await (const sample of samples) this.context.log(JSON.stringify({ sample: keys(sample) }))
    for await (const sample of auxiliary) this.context.log(JSON.stringify({ auxiliary: keys(sample) }))`,
  ],
  [
    'async predict(batch) {',
    `async predict(...given) {
    this.context.log(JSON.stringify({ predict: given.map((value) => Reflect.ownKeys(value).map(String).sort()) }))
    const [batch] = given`,
  ],
]

/** Runs the sound plugins through the runner, as im-iad run does. */
async function handedWith(supervision: string): Promise<readonly Handed[]> {
  const nowhere = await mkdtemp(join(tmpdir(), 'im-iad-runner-'))
  const packages = await Promise.all([
    pluginPackage('algorithm', 'algorithm', 'spy', { source: [...SPYING, ["supervision: 'none'", `supervision: '${supervision}'`]] }),
    pluginPackage('dataset', 'dataset', 'sound'),
    pluginPackage('paradigm', 'paradigm', 'sound', { source: [['mask: false', 'mask: true']] }),
    pluginPackage('metric', 'metric', 'pixel.sound'),
    pluginPackage('backbone', 'backbone', 'sound'),
  ])
  const registry = createRegistry(
    discover({ workingDirectory: nowhere, commandDirectory: nowhere, requested: packages, managedDirectory: nowhere }),
  )
  const plan = await buildPlan(
    {
      datasets: ['sound'],
      categories: ['bolt'],
      algorithms: ['spy'],
      paradigms: ['sound'],
      settings: [],
      seeds: [0],
      budget: 'smoke',
      frame: 'model',
      device: 'cpu',
      dataRoot: await soundData(),
      textureDirectory: null,
      engine: 'cpu',
      threads: 1,
      retention: 'none',
      timeLimitSeconds: null,
      memoryLimitBytes: null,
    },
    { registry, homeDirectory: nowhere },
  )
  const lines: string[] = []
  const { records } = await executePlan({
    plan,
    store: openRunStore(join(nowhere, 'run'), () => undefined),
    executor: createLocalExecutor({ workers: 1, isolation: 'in-process' }),
    retryFailed: false,
    onEvent: (event) => void (event.kind === 'log' && lines.push(event.line)),
    signal: new AbortController().signal,
  })
  expect(records.map((record) => [record.status, record.metrics['pixel.sound']])).toEqual([['done', expect.any(Number)]])
  return lines.map((line): Handed => JSON.parse(line))
}

describe('the runner', () => {
  it.each([
    ['none', ['pixels']],
    ['image-labels', ['label', 'pixels']],
    ['pixel-labels', ['label', 'mask', 'pixels']],
  ])('hands an algorithm with supervision "%s" %j, and pixels alone to predict', async (supervision, sample) => {
    const handed = await handedWith(supervision)
    const told = (what: keyof Handed): readonly unknown[] => [
      ...new Set(handed.flatMap((one) => (one[what] === undefined ? [] : JSON.stringify(one[what])))),
    ]
    expect(told('sample')).toEqual([JSON.stringify(sample)])
    expect(told('auxiliary')).toEqual([JSON.stringify([...sample, 'category'].toSorted())])
    expect(told('request')).toEqual([JSON.stringify(['auxiliary', 'checkpoint', 'onProgress', 'samples', 'signal', 'task'])])
    expect(told('predict')).toEqual([JSON.stringify([['count', 'height', 'pixels', 'width']])])
  })
})
