import { open, type FileHandle } from 'node:fs/promises'
import type { TrainingBatch } from './training-request.ts'

/** Features of a picture: of one level of a backbone, or at one scale. */
export interface PictureFeatures {
  readonly height: number
  readonly width: number
  readonly channels: number
  /** Float32 `[height, width, channels]`. */
  readonly data: Float32Array
}

/** What a frozen network makes of the pictures of a task, for a network that learns from it: more than fits into memory. */
export interface FeatureFile {
  /** Of one picture. Extracted when it is first asked for, then read from the file. */
  at(index: number): Promise<readonly PictureFeatures[]>
  close(): Promise<void>
}

type FeatureShape = Omit<PictureFeatures, 'data'>

/**
 * Features are extracted once, a picture at a time (so that they do not depend on how a training was interrupted), and kept as float32: 1.8 MB per picture of 256x256 for three levels of ResNet-18.
 * @param file - is made or emptied
 * @param extract - of the picture of that index; the shapes are the same for all. Calls follow one another
 */
export async function openFeatureFile(file: string, extract: (index: number) => Promise<readonly PictureFeatures[]>): Promise<FeatureFile> {
  const handle = await open(file, 'w+')
  const written = new Map<number, Promise<readonly FeatureShape[]>>()
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = (work: () => Promise<readonly FeatureShape[]>): Promise<readonly FeatureShape[]> => {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }
  const write = async (index: number): Promise<readonly FeatureShape[]> => {
    const features = await extract(index)
    const row = Buffer.concat(features.map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)))
    await handle.write(row, 0, row.length, index * row.length)
    return features.map(({ height, width, channels }) => ({ height, width, channels }))
  }
  return {
    async at(index) {
      const done = written.get(index) ?? inTurn(() => write(index))
      written.set(index, done)
      return readRow(handle, index, await done)
    },
    async close() {
      await last
      await handle.close()
    },
  }
}

async function readRow(handle: FileHandle, index: number, shapes: readonly FeatureShape[]): Promise<readonly PictureFeatures[]> {
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

/**
 * The features of several pictures, for a training's `load`: an array `[count, height, width, channels]` per level.
 * @param nameOf - what a level is called in the batch
 */
export async function featureBatch(
  features: Pick<FeatureFile, 'at'>,
  indices: readonly number[],
  nameOf: (level: number) => string,
): Promise<TrainingBatch> {
  const pictures: (readonly PictureFeatures[])[] = []
  for (const index of indices) pictures.push(await features.at(index))
  const [first = []] = pictures
  return Object.fromEntries(
    first.map(({ height, width, channels }, level) => {
      const size = height * width * channels
      const data = new Float32Array(indices.length * size)
      for (const [place, picture] of pictures.entries()) data.set(picture[level].data, place * size)
      return [nameOf(level), { shape: [indices.length, height, width, channels], data }]
    }),
  )
}
