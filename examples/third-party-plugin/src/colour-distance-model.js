import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ImIadError } from '@im-iad/core'
import { z } from 'zod'
import { CELL, cellColours } from './cell-colours.js'
import { ColourSums, colourDistances, colourGaussian } from './colour-gaussian.js'

const FILE = 'colour-distance.json'
const BATCH = 16
const savedModel = z.strictObject({ mean: z.array(z.number()).length(3), precision: z.array(z.number()).length(9) })

/** One Gaussian of colours. A second `fit` starts anew: nothing is carried over to the next task. */
export class ColourDistanceModel {
  /** @type {import('./colour-gaussian.js').ColourGaussian | null} */
  #gaussian = null
  #regularization

  /** @param {import('./parameters.js').ColourDistanceParameters} parameters */
  constructor({ regularization }) {
    this.#regularization = regularization
  }

  /** @param {import('@im-iad/core').FitRequest} request */
  async fit({ samples, onProgress, signal }) {
    if (samples.length === 0)
      throw new ImIadError({
        code: 'IM_IAD_E_PROTOCOL',
        what: '"colour-distance" has no picture to train on',
        fix: 'add normal pictures, or choose another paradigm',
      })
    const sums = new ColourSums()
    let seen = 0
    for await (const batch of samples.batches(BATCH)) {
      signal.throwIfAborted()
      sums.add(cellColours(batch))
      seen += batch.count
      onProgress({ fraction: seen / samples.length, stage: 'averaging colours' })
    }
    this.#gaussian = colourGaussian(sums, this.#regularization)
  }

  /**
   * @param {import('@im-iad/core').ImageBatch} batch
   * @returns {Promise<import('@im-iad/core').Prediction>}
   */
  async predict(batch) {
    const data = colourDistances(this.#fitted(), cellColours(batch))
    const [height, width] = [batch.height / CELL, batch.width / CELL]
    const scores = Float32Array.from({ length: batch.count }, (_, image) =>
      data.subarray(image * height * width, (image + 1) * height * width).reduce((highest, value) => Math.max(highest, value), 0),
    )
    return { scores, maps: { height, width, data } }
  }

  /** @param {string} directory */
  async save(directory) {
    await writeFile(join(directory, FILE), JSON.stringify(this.#fitted()))
  }

  /** @param {string} directory */
  async load(directory) {
    this.#gaussian = savedModel.parse(JSON.parse(await readFile(join(directory, FILE), 'utf8')))
  }

  async dispose() {}

  #fitted() {
    if (this.#gaussian !== null) return this.#gaussian
    throw new ImIadError({
      code: 'IM_IAD_E_NOT_FITTED',
      what: 'the colour-distance model knows no normal pictures',
      fix: 'call fit or load before predict or save',
    })
  }
}
