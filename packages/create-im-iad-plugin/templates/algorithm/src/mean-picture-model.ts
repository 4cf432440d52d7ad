import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ImIadError, type AlgorithmInstance, type FitRequest, type ImageBatch, type Prediction } from '@im-iad/core'
import { z } from 'zod'
import type { PluginParameters } from './parameters.ts'
import { greyLevel, PixelSums, type PixelStatistics } from './pixel-statistics.ts'

const FILE = 'mean-picture.json'
const BATCH = 16
const savedModel = z.strictObject({ mean: z.array(z.number()), deviation: z.array(z.number()) })

/** A second `fit` (the next task) starts anew: nothing is carried over. */
export class MeanPictureModel implements AlgorithmInstance {
  readonly #smallestDeviation: number
  #statistics: PixelStatistics | null = null

  constructor({ smallestDeviation }: PluginParameters) {
    this.#smallestDeviation = smallestDeviation
  }

  async fit({ samples, onProgress, signal }: FitRequest): Promise<void> {
    if (samples.length === 0)
      throw new ImIadError({
        code: 'IM_IAD_E_PROTOCOL',
        what: '"__id__" has no picture to train on',
        fix: 'add normal pictures, or choose another paradigm',
      })
    const sums = new PixelSums(samples.height * samples.width)
    let seen = 0
    for await (const batch of samples.batches(BATCH)) {
      signal.throwIfAborted()
      sums.add(batch)
      seen += batch.count
      onProgress({ fraction: seen / samples.length, stage: 'averaging pictures' })
    }
    this.#statistics = sums.statistics()
  }

  /** A pixel's anomaly is its standard score, a picture's that of its worst pixel. */
  async predict(batch: ImageBatch): Promise<Prediction> {
    const { mean, deviation } = this.#fitted()
    const { count, height, width } = batch
    const plane = height * width
    const data = new Float32Array(count * plane)
    const scores = new Float32Array(count)
    for (let index = 0; index < data.length; index++) {
      const pixel = index % plane
      const image = Math.floor(index / plane)
      data[index] = Math.abs(greyLevel(batch, index) - mean[pixel]) / Math.max(deviation[pixel], this.#smallestDeviation)
      scores[image] = Math.max(scores[image], data[index])
    }
    return { scores, maps: { height, width, data } }
  }

  async save(directory: string): Promise<void> {
    const { mean, deviation } = this.#fitted()
    await writeFile(join(directory, FILE), JSON.stringify({ mean: [...mean], deviation: [...deviation] }))
  }

  async load(directory: string): Promise<void> {
    const { mean, deviation } = savedModel.parse(JSON.parse(await readFile(join(directory, FILE), 'utf8')))
    this.#statistics = { mean: Float64Array.from(mean), deviation: Float64Array.from(deviation) }
  }

  async dispose(): Promise<void> {
    this.#statistics = null
  }

  #fitted(): PixelStatistics {
    if (this.#statistics !== null) return this.#statistics
    throw new ImIadError({
      code: 'IM_IAD_E_NOT_FITTED',
      what: 'the model of "__id__" has not been fitted',
      fix: 'call fit or load before predict or save',
    })
  }
}
