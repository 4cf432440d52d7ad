import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createRandomSource,
  type AlgorithmContext,
  type FeatureExtractor,
  type FitRequest,
  type ImageBatch,
  type TrainingSamples,
} from '@im-iad/core'

/** Side of the pictures, in pixels. */
const SIZE = 32

/** What the runner gives an algorithm, with a folder of its own under the system's temporary one. */
export async function contextFor(backbone: FeatureExtractor, seed: number = 0): Promise<AlgorithmContext> {
  return {
    random: createRandomSource(seed, 'algorithm'),
    backbone: () => Promise.resolve(backbone),
    threads: 1,
    workDirectory: await mkdtemp(join(tmpdir(), 'im-iad-algorithm-')),
    textureDirectory: null,
    measure: (_stage, work) => work(),
    log: () => undefined,
  }
}

/** A picture of smooth noise, uint8 RGB `[32, 32, 3]`; `seed` tells them apart. */
export function picture(seed: number): Uint8Array {
  return Uint8Array.from(
    { length: SIZE * SIZE * 3 },
    (_, index) => 128 + 60 * Math.sin(index * 0.013 * (1 + (seed % 7)) + seed) + 20 * Math.cos((index % 96) * 0.2 + seed * 1.7),
  )
}

/** A batch of such pictures. */
export function batchOf(...pictures: readonly Uint8Array[]): ImageBatch {
  const pixels = new Uint8Array(pictures.length * SIZE * SIZE * 3)
  for (const [index, one] of pictures.entries()) pixels.set(one, index * SIZE * SIZE * 3)
  return { count: pictures.length, height: SIZE, width: SIZE, pixels }
}

/** The lazy sequence that `fit` gets, from pictures in memory. */
export function samplesOf(pictures: readonly Uint8Array[]): TrainingSamples {
  return {
    length: pictures.length,
    height: SIZE,
    width: SIZE,
    at: (index) => Promise.resolve({ pixels: pictures[index] }),
    async *batches(size) {
      for (let start = 0; start < pictures.length; start += size) yield batchOf(...pictures.slice(start, start + size))
    },
    async *[Symbol.asyncIterator]() {
      for (const pixels of pictures) yield { pixels }
    },
  }
}

/** A request to fit on normal pictures; `change` replaces parts of it. */
export function fitRequest(pictures: readonly Uint8Array[], change: Partial<FitRequest> = {}): FitRequest {
  return {
    task: 'part',
    samples: samplesOf(pictures),
    auxiliary: samplesOf([]),
    checkpoint: { load: () => Promise.resolve(null), save: () => Promise.resolve() },
    onProgress: () => undefined,
    signal: new AbortController().signal,
    ...change,
  }
}

/** A folder for a saved model. */
export function modelFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'im-iad-model-'))
}
