import { createRandomSource } from '@im-iad/core'
import { openTensorEngine, type StepReport } from '@im-iad/nn'
import type { NamedTensor } from '@im-iad/weights'
import { describe, expect, it } from 'vitest'
import { LEVELS } from '../src/architecture.ts'
import { NORMALIZATION } from '../src/normalization.ts'
import { openLearnedBackbone } from '../src/open-learned-backbone.ts'
import { networkWeights } from '../src/read-weights.ts'
import { distill } from '../training/distill.ts'
import { foldWeights, type OutputScaling } from '../training/fold-weights.ts'
import { selfSupervise } from '../training/self-supervise.ts'
import type { TrainingSettings } from '../training/settings.ts'
import { createStudent, studentParameters, type Student } from '../training/student.ts'
import { scenes } from './support/picture.ts'
import { tinyTeacher } from './support/tiny-teacher.ts'

const tf = await openTensorEngine({ threads: 1 })
const TINY: TrainingSettings = { seed: 3, size: 32, scenes: 16, epochs: 5, batchSize: 4, learningRate: 3e-3, weightDecay: 0, warmUp: 2 }

function largest(values: Iterable<number>): number {
  let found = 0
  for (const value of values) found = Math.max(found, Math.abs(value))
  return found
}

/** What the student gives for pictures, by level, scaled as the folded network is. */
async function studentLevels(student: Student, size: number, outputs: readonly OutputScaling[]): Promise<readonly Float32Array[]> {
  const { pixels, count } = scenes(2, size)
  const pictures = Float32Array.from(pixels, (value, index) => (value - NORMALIZATION.mean[index % 3]) / NORMALIZATION.std[index % 3])
  const levels = tf.tidy(() => [...student.heads(student.stages(tf.tensor4d(pictures, [count, size, size, 3]), 'inference')).values()])
  return Promise.all(
    levels.map(async (level, index) => {
      const { factor, shift } = outputs[index]
      return Float32Array.from(await level.data(), (value, place) => value * factor[place % factor.length] + shift[place % factor.length])
    }),
  )
}

describe('the network', () => {
  it('gives the same features folded into a graph as it gives in the tensor engine', async () => {
    const student = createStudent(tf, { seed: 1, heads: true })
    const random = createRandomSource(5, 'test').stream('values')
    // Statistics and scales as no training leaves them: 1 and 0 would hide a mistake.
    for (const definition of studentParameters(true)) {
      const variable = student.parameters.trained.get(definition.name) ?? student.parameters.statistics.get(definition.name)
      if (variable === undefined || definition.kind === 'convolution') continue
      const around = definition.kind === 'scale' || definition.kind === 'running-variance' ? 1 : 0
      variable.assign(
        tf.tensor(
          Float32Array.from({ length: variable.size }, () => around + 0.3 * (random.uniform() - 0.5)),
          variable.shape,
        ),
      )
    }
    const outputs = LEVELS.map(({ channels }): OutputScaling => ({
      factor: Float32Array.from({ length: channels }, () => 0.5 + random.uniform()),
      shift: Float32Array.from({ length: channels }, () => random.uniform()),
    }))
    const folded = foldWeights(await student.parameters.read(), outputs)
    const backbone = await openLearnedBackbone({ threads: 1 }, networkWeights(new Map(Object.entries(folded)), 'in memory'))
    for (const size of [64, 96]) {
      const expected = await studentLevels(student, size, outputs)
      const features = await backbone.extract(scenes(2, size), [4, 8, 16])
      for (const [index, { data }] of features.entries()) {
        expect(data).toHaveLength(expected[index].length)
        expect(largest(data.map((value, place) => value - expected[index][place]))).toBeLessThan(2e-4 * largest(expected[index]))
      }
    }
    await backbone.dispose()
    student.parameters.dispose()
  })
})

async function distilled(onStep: (report: StepReport) => void): Promise<Readonly<Record<string, NamedTensor>>> {
  const { student, outputs } = await distill(tf, tinyTeacher, TINY, { onStep, signal: new AbortController().signal })
  for (const [index, { channels }] of LEVELS.entries()) {
    expect(outputs[index].factor).toHaveLength(channels)
    // Channel c of the teacher is (c + 1) times brightness, plus 5.
    expect(outputs[index].factor[9] / outputs[index].factor[4]).toBeCloseTo(2, 3)
  }
  const folded = foldWeights(await student.parameters.read(), outputs)
  student.parameters.dispose()
  return folded
}

describe('distillation', () => {
  it('comes close to a teacher, and gives the same weights when it is repeated', async () => {
    const reports: StepReport[] = []
    const first = await distilled((report) => reports.push(report))
    const loss = (from: number, to: number): number => reports.slice(from, to).reduce((sum, report) => sum + report.loss, 0) / (to - from)
    expect(reports).toHaveLength(20)
    expect(loss(16, 20)).toBeLessThan(0.6 * loss(0, 4))
    expect(await distilled(() => {})).toEqual(first)
  })
})

describe('self-supervision', () => {
  it('learns to recognise places, and leaves levels of mean 0 and deviation 1', async () => {
    const reports: StepReport[] = []
    const { student, outputs } = await selfSupervise(
      tf,
      { ...TINY, size: 128, scenes: 8, epochs: 3, batchSize: 2 },
      {
        onStep: (report) => reports.push(report),
        signal: new AbortController().signal,
      },
    )
    expect(reports.at(-1)?.loss).toBeLessThan(0.95 * (reports[0]?.loss ?? 0))
    expect(outputs.map(({ factor }) => factor.length)).toEqual(LEVELS.map(({ channels }) => channels))
    const [, stride8 = new Float32Array()] = await studentLevels(student, 128, outputs)
    const mean = stride8.reduce((sum, value) => sum + value, 0) / stride8.length
    expect(Math.abs(mean)).toBeLessThan(0.5)
    student.parameters.dispose()
  })
})
