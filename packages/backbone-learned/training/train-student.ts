import { createRandomSource, type RandomSource } from '@im-iad/core'
import { createOptimizer, cosine, train, warmUp, type TensorEngine, type TrainingRequest } from '@im-iad/nn'
import type { OutputScaling } from './fold-weights.ts'
import { createScenePool, type ScenePool } from './scenes/scene-pool.ts'
import type { TrainingSettings } from './settings.ts'
import { createStudent, type Student } from './student.ts'

/** What a training reports and where it is kept. */
export type TrainingHost = Pick<TrainingRequest, 'checkpoint' | 'onStep' | 'signal'>

/** What a recipe ends with. */
export interface TrainedBackbone {
  readonly student: Student
  /** What is done to the levels afterwards: a distilled network's are brought to the scale of its teacher's, a self-supervised one's are standardised. */
  readonly outputs: readonly OutputScaling[]
}

/** What recipes learn with. */
export interface RecipeTools {
  readonly network: Student
  readonly pool: ScenePool
  readonly random: RandomSource
}

/** Trains a new student on scenes; recipes differ in what they load and in their loss. */
export async function trainStudent(
  tf: TensorEngine,
  settings: TrainingSettings,
  host: TrainingHost,
  recipe: (tools: RecipeTools) => Pick<TrainingRequest, 'load' | 'loss'>,
): Promise<Student> {
  const { seed, size, scenes, epochs, batchSize, learningRate, weightDecay } = settings
  const random = createRandomSource(seed, 'training')
  const student = createStudent(tf, { seed, heads: true })
  await train({
    tf,
    optimizer: createOptimizer(tf, [{ variables: student.parameters.trained, settings: { kind: 'adamw', learningRate, weightDecay } }]),
    statistics: student.parameters.statistics,
    schedule: warmUp(settings.warmUp, 0.05, cosine({ by: 'step' })),
    clipping: { by: 'norm', limit: 5 },
    epochs,
    sampleCount: scenes,
    batchSize,
    lastBatch: 'drop',
    shuffle: random.stream('order'),
    ...recipe({ network: student, pool: createScenePool(seed, size), random }),
    ...host,
  })
  return student
}
