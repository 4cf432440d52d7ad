import type { Rank } from '@tensorflow/tfjs-core'
import type { TensorEngine } from './engine-request.ts'

/** Sizes to choose from, smallest first: a 3x3 convolution of `[1, size, size, channels]` and a product of square matrices. */
const WORKLOADS = [
  { size: 16, channels: 16, matrix: 64 },
  { size: 32, channels: 32, matrix: 192 },
  { size: 64, channels: 64, matrix: 512 },
  { size: 64, channels: 128, matrix: 768 },
] as const

type Workload = (typeof WORKLOADS)[number]

/** A larger workload is taken only when some ten of its rounds fit into the time that is left: in rounds of this one. */
const NEXT_ROUNDS = 80

/**
 * Billions of floating-point operations a second (a multiplication and an addition count as two) of a loop of convolutions and matrix products. The first rounds, which compile or warm up,
 * are not counted; the workload grows while a round is short.
 * @param milliseconds - roughly what it may take
 */
export async function measureSpeed(tf: TensorEngine, milliseconds: number): Promise<number> {
  const end = performance.now() + milliseconds
  let best = 0
  for (const workload of WORKLOADS) {
    const round = createRound(tf, workload)
    await round.run()
    const first = await timed(round.run)
    best = Math.max(best, operations(workload) / first / 1e6)
    // The next workload takes about eight times as long.
    const isLargest = workload === WORKLOADS.at(-1) || performance.now() + NEXT_ROUNDS * first > end
    if (isLargest) while (performance.now() < end) best = Math.max(best, operations(workload) / (await timed(round.run)) / 1e6)
    round.dispose()
    if (isLargest) break
  }
  return best
}

function createRound(
  tf: TensorEngine,
  { size, channels, matrix }: Workload,
): { readonly run: () => Promise<void>; readonly dispose: () => void } {
  const image = tf.randomUniform<Rank.R4>([1, size, size, channels])
  const filter = tf.randomUniform<Rank.R4>([3, 3, channels, channels])
  const left = tf.randomUniform<Rank.R2>([matrix, matrix])
  return {
    async run() {
      const sum = tf.tidy(() => tf.add(tf.mean(tf.conv2d(image, filter, 1, 'same')), tf.mean(tf.matMul(left, left))))
      await sum.data()
      sum.dispose()
    },
    dispose: () => tf.dispose([image, filter, left]),
  }
}

function operations({ size, channels, matrix }: Workload): number {
  return 2 * 9 * channels * channels * size * size + 2 * matrix ** 3
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}
