import * as tf from '@tensorflow/tfjs-core'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { engineCounters } from '../src/index.ts'
import { floats, integers, shapes } from './support/arbitrary.ts'
import { expectSame, openEngines, type Plain } from './support/compare.ts'

/** Random tensors of the given ranks, and a random number per axis that a function may use as it likes. */
function tensors(minRank: number, maxRank: number): fc.Arbitrary<{ readonly x: Plain; readonly choices: readonly number[] }> {
  return shapes(minRank, maxRank).chain((shape) =>
    fc.record({ x: floats(shape), choices: fc.array(fc.nat(11), { minLength: 6, maxLength: 6 }) }),
  )
}

type Compute = (x: tf.Tensor, choices: readonly number[]) => tf.Tensor | tf.Tensor[]

/** Under a name of its own: the linter takes any `fill` for that of arrays. */
const { fill: filled } = tf

const permuted = (x: tf.Tensor, choices: readonly number[]): number[] =>
  x.shape.map((_, axis) => axis).sort((a, b) => choices[a] - choices[b] || a - b)

/** Functions that move elements, by the ranks they are tried on. */
const FUNCTIONS: Readonly<Record<string, readonly [number, number, Compute]>> = {
  broadcastTo: [0, 3, (x, [n]) => tf.broadcastTo(tf.reshape(x, x.shape), [1 + (n % 3), ...x.shape])],
  concat: [1, 4, (x, [n]) => tf.concat([x, tf.neg(x), x], n % x.rank)],
  expandDims: [0, 4, (x, [n]) => tf.expandDims(x, n % (x.rank + 1))],
  flipLeftRight: [4, 4, (x) => tf.image.flipLeftRight(x as tf.Tensor4D)],
  gather: [1, 4, (x, [n, a, b]) => tf.gather(x, tf.tensor1d([a % x.shape[n % x.rank], b % x.shape[n % x.rank], 0], 'int32'), n % x.rank)],
  gatherOfMatrix: [
    1,
    4,
    (x, [n, a, b]) => tf.gather(x, tf.tensor2d([[a % x.shape[n % x.rank]], [b % x.shape[n % x.rank]]], [2, 1], 'int32'), n % x.rank),
  ],
  pad: [
    1,
    4,
    (x, choices) =>
      tf.pad(
        x,
        x.shape.map((_, axis): [number, number] => [choices[axis] % 3, choices[axis + 1] % 2]),
        0.5,
      ),
  ],
  reshape: [1, 4, (x) => tf.reshape(x, [x.size, 1])],
  reverse: [1, 4, (x, [n]) => tf.reverse(x, n % x.rank)],
  slice: [
    1,
    4,
    (x, choices) =>
      tf.slice(
        x,
        x.shape.map((extent, axis) => choices[axis] % extent),
      ),
  ],
  split: [1, 4, (x, [n]) => tf.split(tf.concat([x, x], n % x.rank), 2, n % x.rank)],
  squeeze: [1, 4, (x) => tf.squeeze(tf.sum(x, 0, true))],
  stack: [0, 3, (x, [n]) => tf.stack([x, tf.square(x)], n % (x.rank + 1))],
  stridedSlice: [
    1,
    4,
    (x, choices) =>
      tf.stridedSlice(
        x,
        x.shape.map(() => 0),
        x.shape,
        x.shape.map((_, axis) => 1 + (choices[axis] % 3)),
      ),
  ],
  stridedSliceBackwards: [1, 4, (x) => tf.stridedSlice(x, [-1], [0], [-1], 0, 1)],
  tile: [
    1,
    4,
    (x, choices) =>
      tf.tile(
        x,
        x.shape.map((_, axis) => 1 + (choices[axis] % 3)),
      ),
  ],
  transpose: [1, 5, (x, choices) => tf.transpose(x, permuted(x, choices))],
  unstack: [1, 4, (x, [n]) => tf.unstack(x, n % x.rank)],
}

/** Those that also compute, which booleans are not for. */
const ARITHMETIC: ReadonlySet<unknown> = new Set(
  [FUNCTIONS['concat'], FUNCTIONS['stack'], FUNCTIONS['squeeze'], FUNCTIONS['pad']].map((entry) => entry?.[2]),
)

describe('functions that move elements, against tfjs cpu', () => {
  beforeAll(openEngines)

  it.each(Object.entries(FUNCTIONS))('%s', async (_, [minRank, maxRank, compute]) => {
    await fc.assert(
      fc.asyncProperty(tensors(minRank, maxRank), ({ x, choices }) => expectSame([x], (tensor) => compute(tensor, choices))),
      { numRuns: 12 },
    )
  })

  it.each(['int32', 'bool'] as const)('all of them on %s', async (dtype) => {
    const moving = Object.values(FUNCTIONS).filter(
      ([minRank, maxRank, compute]) => minRank <= 3 && maxRank >= 3 && !ARITHMETIC.has(compute),
    )
    for (const [, , compute] of moving)
      await fc.assert(
        fc.asyncProperty(tensors(3, 3), ({ x, choices }) => expectSame([x], (tensor) => compute(tf.cast(tensor, dtype), choices))),
        { numRuns: 2 },
      )
  })

  it.each(['reflect', 'symmetric'] as const)('mirrorPad, %s', async (mode) => {
    const images = fc
      .tuple(fc.integer({ min: 3, max: 6 }), fc.integer({ min: 3, max: 6 }))
      .chain(([height, width]) =>
        fc.record({ x: floats([2, height, width, 2]), sides: fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }) }),
      )
    await fc.assert(
      fc.asyncProperty(images, ({ x, sides: [top = 0, bottom = 0, left = 0, right = 0] }) =>
        expectSame([x], (image) =>
          tf.mirrorPad(
            image as tf.Tensor4D,
            [
              [0, 0],
              [top, bottom],
              [left, right],
              [0, 0],
            ],
            mode,
          ),
        ),
      ),
      { numRuns: 12 },
    )
  })

  it('gatherND, scatterND and tensorScatterUpdate', async () => {
    const inputs = fc.tuple(floats([3, 4, 2]), integers([5, 2], 0, 2), floats([5, 2]))
    await fc.assert(
      fc.asyncProperty(inputs, (given) =>
        expectSame(given, (x, indices, updates) => [
          tf.gatherND(x, indices),
          tf.scatterND(indices, updates, [3, 4, 2]),
          tf.sub(x, tf.scatterND(indices, updates, [3, 4, 2])),
        ]),
      ),
      { numRuns: 10 },
    )
  })

  it('gather with batch axes', async () => {
    const inputs = fc.tuple(floats([2, 3, 4, 2]), integers([2, 3], 0, 2))
    await fc.assert(
      fc.asyncProperty(inputs, (given) => expectSame(given, (x, indices) => [tf.gather(x, indices, 1, 1), tf.gather(x, indices, 2, 1)])),
      { numRuns: 10 },
    )
  })

  it('unsortedSegmentSum', async () => {
    const inputs = fc.tuple(floats([6, 3]), integers([6], -1, 3))
    await fc.assert(
      fc.asyncProperty(inputs, (given) => expectSame(given, (x, ids) => tf.unsortedSegmentSum(x, ids as tf.Tensor1D, 4))),
      { numRuns: 10 },
    )
  })

  it('spaceToBatchND, batchToSpaceND and depthToSpace', async () => {
    await fc.assert(
      fc.asyncProperty(floats([2, 4, 6, 4]), (x) =>
        expectSame([x], (image) => [
          tf.spaceToBatchND(
            image,
            [2, 2],
            [
              [0, 2],
              [1, 1],
            ],
          ),
          tf.batchToSpaceND(
            tf.spaceToBatchND(
              image,
              [2, 3],
              [
                [0, 0],
                [0, 0],
              ],
            ),
            [2, 3],
            [
              [0, 1],
              [1, 0],
            ],
          ),
          tf.depthToSpace(image as tf.Tensor4D, 2),
        ]),
      ),
      { numRuns: 5 },
    )
  })

  it('fill, range, linspace, oneHot, eye', async () => {
    await expectSame([], () => [filled([2, 3], 1.5), tf.range(0, 5, 1, 'int32'), tf.range(1, 0, -0.3), tf.linspace(0, 1, 5), tf.eye(3)])
    await expectSame([{ shape: [4], dtype: 'int32', values: [0, 2, -1, 7] }], (indices) => [
      tf.oneHot(indices, 3),
      tf.cast(tf.oneHot(indices, 3, 2, -1), 'float32'),
    ])
    expect(engineCounters().fallbacks).toEqual({})
  })
})
