import { open, type FileHandle } from 'node:fs/promises'
import type { FeatureExtractor, FeatureMap, TrainingSamples } from '@im-iad/core'

/** What is added to nothing: features shorter than this are divided by it (PyTorch's `normalize`). */
export const SMALLEST_NORM = 1e-12

/** A level of the teacher's features for one picture. */
export interface TeacherLevel {
  readonly height: number
  readonly width: number
  readonly channels: number
  /** Unit vectors, float32 `[height, width, channels]`. */
  readonly data: Float32Array
}

/** The teacher's features of the training pictures, of one task. */
export interface TeacherFeatures {
  /** Of one picture, in the order of the strides. Computed when it is first asked for, then read from the file. */
  at(index: number): Promise<readonly TeacherLevel[]>
  close(): Promise<void>
}

interface LevelShape {
  readonly height: number
  readonly width: number
  readonly channels: number
}

/**
 * Features are extracted once, a picture at a time (so that they do not depend on how a training was interrupted), and kept as float32 in a file: 1.8 MB per picture of 256x256 for ResNet-18.
 * @param file - is made or emptied
 */
export async function openTeacherFeatures(
  extractor: FeatureExtractor,
  samples: TrainingSamples,
  strides: readonly number[],
  file: string,
): Promise<TeacherFeatures> {
  const handle = await open(file, 'w+')
  const written = new Map<number, Promise<readonly LevelShape[]>>()
  let last: Promise<unknown> = Promise.resolve()
  /** One after another: an extractor has one picture at a time. */
  const inTurn = (work: () => Promise<readonly LevelShape[]>): Promise<readonly LevelShape[]> => {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }
  const extract = async (index: number): Promise<readonly LevelShape[]> => {
    const { pixels } = await samples.at(index)
    const features = await extractor.extract({ count: 1, height: samples.height, width: samples.width, pixels }, strides)
    const row = Buffer.concat(features.map((level) => bytesOf(unitVectors(level))))
    await handle.write(row, 0, row.length, index * row.length)
    return features.map(({ height, width, level: { channels } }) => ({ height, width, channels }))
  }
  return {
    async at(index) {
      const done = written.get(index) ?? inTurn(() => extract(index))
      written.set(index, done)
      return readRow(handle, index, await done)
    },
    async close() {
      await last
      await handle.close()
    },
  }
}

async function readRow(handle: FileHandle, index: number, shapes: readonly LevelShape[]): Promise<readonly TeacherLevel[]> {
  const sizes = shapes.map(({ height, width, channels }) => height * width * channels)
  const row = new Float32Array(sizes.reduce((sum, size) => sum + size, 0))
  await handle.read(new Uint8Array(row.buffer), 0, row.byteLength, index * row.byteLength)
  let start = 0
  return shapes.map((shape, level) => {
    const data = row.subarray(start, start + sizes[level])
    start += sizes[level]
    return { ...shape, data }
  })
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

/** Every position's features divided by their length; all zeros stay so. */
export function unitVectors({ level: { channels }, data }: FeatureMap): Float32Array {
  const result = new Float32Array(data.length)
  for (let start = 0; start < data.length; start += channels) {
    let squares = 0
    for (let channel = 0; channel < channels; channel++) squares += data[start + channel] ** 2
    const norm = Math.max(Math.sqrt(squares), SMALLEST_NORM)
    for (let channel = 0; channel < channels; channel++) result[start + channel] = data[start + channel] / norm
  }
  return result
}
