import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { engineCounters } from '@im-iad/tfjs-onnxruntime'
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import {
  clipGradients,
  constant,
  cosine,
  createMovingAverage,
  createOptimizer,
  exponential,
  oneCycle,
  openTensorEngine,
  polynomial,
  stepwise,
  train,
  warmUp,
  type OptimizerSettings,
  type Schedule,
  type StepReport,
  type TensorEngine,
  type TrainingRequest,
} from '../src/index.ts'
import { uniform } from './support/formula-weights.ts'
import { sayTensorflowIsMissing, TESTED_ENGINES } from './support/tensorflow.ts'
import { TASKS } from './support/training-tasks.ts'

const reference: {
  readonly optimizers: Readonly<Record<string, readonly (readonly number[])[]>>
  readonly schedules: Readonly<Record<string, readonly number[]>>
  readonly clipping: Readonly<Record<string, readonly number[]>>
  readonly losses: Readonly<Record<string, readonly number[]>>
} = JSON.parse(readFileSync(new URL('fixtures/training-reference.json', import.meta.url), 'utf8'))

function largestDifference(actual: ArrayLike<number>, expected: readonly number[]): number {
  expect(actual.length).toBe(expected.length)
  return Math.max(...expected.map((value, index) => Math.abs(actual[index] - value)))
}

const never = new AbortController().signal

sayTensorflowIsMissing()

describe.each(TESTED_ENGINES)('on the %s engine', (engine) => {
  // The cpu engine takes a minute for the others.
  const tasks = (Object.keys(TASKS) as (keyof typeof TASKS)[]).filter((name) => engine !== 'cpu' || name === 'transformer')

  it.each(tasks)('twenty steps of the %s network have the losses of PyTorch', async (name) => {
    const tf = await openTensorEngine({ engine })
    const task = TASKS[name](tf)
    const losses: number[] = []
    await train({
      tf,
      ...task,
      epochs: 20,
      sampleCount: 1,
      batchSize: 1,
      lastBatch: 'keep',
      shuffle: null,
      load: ({ step }) => Promise.resolve(task.batch(step)),
      onStep: ({ loss }) => losses.push(loss),
      signal: never,
    })
    expect(
      largestDifference(
        losses.map((loss, step) => loss / reference.losses[name][step]),
        losses.map(() => 1),
      ),
    ).toBeLessThan(1e-4)
  })

  const optimizers: readonly [string, OptimizerSettings][] = [
    ['adam', { kind: 'adam', learningRate: 0.01 }],
    ['adam-decay', { kind: 'adam', learningRate: 0.01, betas: [0.5, 0.99], epsilon: 1e-4, weightDecay: 0.1 }],
    ['adamw', { kind: 'adamw', learningRate: 0.01, weightDecay: 0.1 }],
    ['sgd', { kind: 'sgd', learningRate: 0.1 }],
    ['sgd-momentum', { kind: 'sgd', learningRate: 0.1, momentum: 0.9, weightDecay: 0.05 }],
    ['sgd-nesterov', { kind: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.05 }],
  ]

  it.each(optimizers)('%s changes variables as PyTorch does, and leaves one without a gradient as it is', async (name, settings) => {
    const tf = await openTensorEngine({ engine })
    const [first, second] = [tf.variable(tf.tensor2d(uniform(6, 1, 2), [2, 3])), tf.variable(tf.tensor1d(uniform(4, 2, 2)))]
    const variables = new Map<string, Variable>([
      ['first', first],
      ['second', second],
    ])
    const optimizer = createOptimizer(tf, [{ variables, settings }])
    for (let step = 0; step < 6; step++) {
      const gradients = new Map<string, Tensor | null>([
        ['first', tf.tensor2d(uniform(6, 10 + step), [2, 3])],
        ['second', step === 2 ? null : tf.tensor1d(uniform(4, 20 + step))],
      ])
      optimizer.apply(gradients, 1 - 0.1 * step)
      const values = [...(await first.data()), ...(await second.data())]
      expect(largestDifference(values, reference.optimizers[name][step])).toBeLessThan(2e-6)
    }
  })

  it('gradients are clipped as in PyTorch', async () => {
    const tf = await openTensorEngine({ engine })
    const gradients = [tf.tensor2d(uniform(6, 10), [2, 3]), tf.tensor1d(uniform(4, 20))]
    for (const [name, clipping] of [
      ['norm', { by: 'norm', limit: 0.5 }],
      ['norm-wide', { by: 'norm', limit: 100 }],
      ['value', { by: 'value', limit: 0.2 }],
    ] as const) {
      const clipped = await Promise.all(clipGradients(tf, gradients, clipping).map((gradient) => gradient.data()))
      expect(
        largestDifference(
          clipped.flatMap((part) => [...part]),
          reference.clipping[name],
        ),
      ).toBeLessThan(1e-7)
    }
  })
})

describe('schedules', () => {
  it.each<[string, Schedule]>([
    ['cosine-epoch', cosine({ by: 'epoch' })],
    ['cosine-step-floor', cosine({ by: 'step', floor: 0.1 })],
    ['stepwise', stepwise([2, 4], 0.2)],
    ['exponential', exponential(0.9)],
    ['polynomial', polynomial(0.9)],
    ['warm-up', warmUp(4, 0.1)],
    ['one-cycle', oneCycle()],
  ])('%s gives the factors of PyTorch', (name, schedule) => {
    const factors = Array.from({ length: 15 }, (_, step) => schedule({ step, stepsPerEpoch: 3, epochs: 5 }))
    expect(largestDifference(factors, reference.schedules[name])).toBeLessThan(1e-6)
  })

  it('constant stays, and a warm-up goes on with another', () => {
    expect(constant({ step: 7, stepsPerEpoch: 3, epochs: 5 })).toBe(1)
    expect(warmUp(3, 0, cosine({ by: 'step' }))({ step: 3, stepsPerEpoch: 3, epochs: 2 })).toBeCloseTo(0.5, 12)
  })
})

/** Fits a line to points: two variables, so that trainings are over in no time. */
async function line(
  tf: TensorEngine,
  more: Partial<TrainingRequest> = {},
): Promise<TrainingRequest & { readonly variables: ReadonlyMap<string, Variable> }> {
  const variables = new Map([
    ['slope', tf.variable(tf.scalar(0))],
    ['offset', tf.variable(tf.scalar(0))],
  ])
  const at = (name: string): Variable => variables.get(name) ?? tf.variable(tf.scalar(0))
  const optimizer = createOptimizer(tf, [{ variables, settings: { kind: 'adam', learningRate: 0.1 } }])
  return {
    tf,
    variables,
    optimizer,
    epochs: 4,
    sampleCount: 10,
    batchSize: 4,
    lastBatch: 'keep',
    shuffle: null,
    load: ({ indices }) =>
      Promise.resolve({
        x: { shape: [indices.length], data: Float32Array.from(indices, (index) => index / 10) },
        y: { shape: [indices.length], data: Float32Array.from(indices, (index) => 1 + (2 * index) / 10) },
      }),
    loss: (batch) => tf.mean<Scalar>(tf.square(tf.sub(tf.add(tf.mul(batch['x'], at('slope')), at('offset')), batch['y']))),
    signal: never,
    ...more,
  }
}

describe('train', () => {
  it('goes through every sample of every epoch, keeps or drops the last batch, and reports each step', async () => {
    const tf = await openTensorEngine({ engine: 'wasm' })
    const seen: number[][] = []
    const reports: StepReport[] = []
    const request = await line(tf)
    const load: TrainingRequest['load'] = (position) => {
      seen.push([...position.indices])
      return request.load(position)
    }
    const result = await train({ ...request, load, onStep: (report) => reports.push(report) })
    expect(seen.slice(0, 3)).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ])
    expect(result.steps).toBe(12)
    expect(reports.map(({ epoch, step, totalSteps }) => [epoch, step, totalSteps]).at(-1)).toEqual([3, 12, 12])
    expect(result.epochLosses).toHaveLength(4)
    expect(result.epochLosses[0]).toBeCloseTo(reports.slice(0, 3).reduce((sum, { loss }) => sum + loss, 0) / 3, 6)
    expect(result.epochLosses[3]).toBeLessThan(result.epochLosses[0] / 2)
    seen.length = 0
    await train({ ...(await line(tf, { lastBatch: 'drop', epochs: 1 })), load })
    expect(seen).toHaveLength(2)
    await expect(train(await line(tf, { lastBatch: 'drop', batchSize: 11 }))).rejects.toThrow('10 samples give no batch of 11')
  })

  it('shuffles every epoch anew from the given source', async () => {
    const tf = await openTensorEngine({ engine: 'wasm' })
    const epochs: number[][] = []
    let turns = 0
    const shuffle = {
      shuffle: <Item>(items: readonly Item[]): Item[] => {
        turns++
        return [...items.slice(turns), ...items.slice(0, turns)]
      },
    }
    const request = await line(tf, { batchSize: 10, epochs: 3, shuffle })
    await train({
      ...request,
      load: (position) => {
        epochs[position.epoch] = [...position.indices]
        return request.load(position)
      },
    })
    expect(epochs.map(([first]) => first)).toEqual([1, 2, 3])
    expect(epochs.every((epoch) => new Set(epoch).size === 10)).toBe(true)
  })

  it('names the parts of a loss, and applies schedule, clipping and average', async () => {
    const tf = await openTensorEngine({ engine: 'wasm' })
    const request = await line(tf)
    const average = await createMovingAverage(tf, request.variables, 0.5)
    const reports: StepReport[] = []
    await train({
      ...request,
      average,
      schedule: stepwise([2], 0),
      clipping: { by: 'norm', limit: 1 },
      loss: (batch, position) => {
        const total = request.loss(batch, position) as Scalar
        return { total, parts: { half: tf.div(total, 2) as Scalar } }
      },
      onStep: (report) => reports.push(report),
    })
    for (const { loss, parts } of reports) expect(parts['half']).toBeCloseTo(loss / 2, 6)
    expect(reports.map(({ learningRateFactor }) => learningRateFactor)).toEqual([1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0])
    // Nothing moved in the last six steps, so the average has come close: 2^-6 of the way is left.
    const [slope] = (await request.variables.get('slope')?.data()) ?? []
    const [averaged] = (await average.averages.get('slope')?.data()) ?? []
    expect(averaged).not.toBe(slope)
    expect(averaged / slope).toBeCloseTo(1, 1)
    average.copyToVariables()
    expect((await request.variables.get('slope')?.data())?.[0]).toBe(averaged)
  })

  it('is compiled once, whatever changes from step to step', async () => {
    const tf = await openTensorEngine({ engine: 'onnxruntime' })
    const request = await line(tf, { batchSize: 5, schedule: cosine({ by: 'step' }), clipping: { by: 'norm', limit: 1 } })
    const average = await createMovingAverage(tf, request.variables, 0.9)
    const before = engineCounters().compiledPlans
    await train({ ...request, average })
    expect(engineCounters().compiledPlans - before).toBe(1)
    expect(engineCounters()).toMatchObject({ fallbacks: {}, pendingNodes: 0 })
  })

  it('leaves no tensors behind', async () => {
    const tf = await openTensorEngine({ engine: 'wasm' })
    const request = await line(tf)
    await train(request)
    const before = tf.memory().numTensors
    await train(request)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('stops at a loss that is no number, naming epoch and step', async () => {
    const tf = await openTensorEngine({ engine: 'wasm' })
    const request = await line(tf)
    const load: TrainingRequest['load'] = async (position) =>
      position.step < 4
        ? request.load(position)
        : {
            ...(await request.load(position)),
            y: { shape: [position.indices.length], data: new Float32Array(position.indices.length).fill(Number.NaN) },
          }
    await expect(train({ ...request, load })).rejects.toThrow(
      /the training diverged: the loss is NaN in step 5 \(epoch 2\) \[IM_IAD_E_DIVERGED\][^]*lower the learning rate/,
    )
  })

  it('stops at variables that are no numbers after the last step', async () => {
    const tf = await openTensorEngine({ engine: 'wasm' })
    const request = await line(tf, { epochs: 1, batchSize: 10 })
    const { optimizer } = request
    const broken = { ...optimizer, apply: () => void request.variables.get('slope')?.assign(tf.scalar(Number.NaN)) }
    await expect(train({ ...request, optimizer: broken })).rejects.toThrow(
      /"variable\/slope" holds numbers that are not finite after step 1 \(epoch 1\)/,
    )
  })

  it('stops when it is aborted, while a batch is loading at once', async () => {
    const tf = await openTensorEngine({ engine: 'wasm' })
    const controller = new AbortController()
    const request = await line(tf)
    const training = train({
      ...request,
      signal: controller.signal,
      load: (position) => (position.step < 2 ? request.load(position) : new Promise(() => {})),
    })
    const start = performance.now()
    await wait(20)
    controller.abort(new Error('enough'))
    await expect(training).rejects.toThrow('enough')
    expect(performance.now() - start).toBeLessThan(2000)
    await expect(train({ ...request, signal: controller.signal })).rejects.toThrow('enough')
  })

  it('stops within a step: before what was written down is computed', async () => {
    const tf = await openTensorEngine({ engine: 'onnxruntime' })
    const controller = new AbortController()
    const request = await line(tf)
    const steps: number[] = []
    const training = train({
      ...request,
      signal: controller.signal,
      loss: (batch, position) => {
        if (position.step === 3) controller.abort(new Error('within'))
        return request.loss(batch, position)
      },
      onStep: ({ step }) => steps.push(step),
    })
    await expect(training).rejects.toThrow('within')
    expect(steps).toEqual([1, 2, 3])
  })

  it('passes on what loading throws', async () => {
    const tf = await openTensorEngine({ engine: 'wasm' })
    const request = await line(tf)
    const load: TrainingRequest['load'] = ({ step }) =>
      step === 5 ? Promise.reject(new Error('unreadable')) : request.load({ step, epoch: 0, indices: [0, 1] })
    await expect(train({ ...request, load })).rejects.toThrow('unreadable')
  })

  it('loads batches while a step is being computed', async () => {
    const tf = await openTensorEngine({ engine: 'wasm' })
    const started: number[] = []
    const startedAtStep: number[] = []
    const request = await line(tf)
    await train({
      ...request,
      load: (position) => {
        started.push(position.step)
        return request.load(position)
      },
      onStep: () => startedAtStep.push(started.length),
    })
    expect(startedAtStep[0]).toBeGreaterThan(1)
    expect(startedAtStep[0]).toBeLessThan(12)
  })

  it('refuses a checkpoint of another training, naming what differs, and goes on from a finished one without a step', async () => {
    const tf = await openTensorEngine({ engine: 'wasm' })
    let bytes: Uint8Array | null = null
    const store = {
      load: () => Promise.resolve(bytes),
      save: (saved: Uint8Array) => {
        bytes = saved
        return Promise.resolve()
      },
    }
    const checkpoint = { store, everySeconds: 1e6 }
    const first = await train(await line(tf, { checkpoint }))
    expect(bytes).not.toBeNull()
    const steps: number[] = []
    const again = await train(await line(tf, { checkpoint, onStep: ({ step }) => steps.push(step) }))
    expect(again).toEqual(first)
    expect(steps).toEqual([])
    await expect(train(await line(tf, { checkpoint, epochs: 5 }))).rejects.toThrow(
      /IM_IAD_E_CHECKPOINT[^]*other settings: epochs is 4 in the checkpoint, 5 here\n/,
    )
    const settings = { learningRate: 0.1, levels: [4, 8] }
    await expect(train(await line(tf, { checkpoint: { ...checkpoint, settings } }))).rejects.toThrow(
      'learningRate is absent in the checkpoint, 0.1 here; levels is absent in the checkpoint, [4,8] here',
    )
    const other = createOptimizer(tf, [
      { variables: new Map([['slope', tf.variable(tf.scalar(0))]]), settings: { kind: 'adam', learningRate: 1 } },
    ])
    await expect(train(await line(tf, { checkpoint, optimizer: other }))).rejects.toThrow('it holds 6 tensors, this training has 3')
  })
})
