import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { encodePng, toRgb, type PixelImage } from '@im-iad/images'
import { loadModel } from '@im-iad/predict'
import { registry } from './fit-small.ts'
import { temporaryFolder } from './pictures.ts'

const execute = promisify(execFile)

/** Programs that run an exported model without im-iad. */
export type Runner = readonly [program: string, script: string]

export const NODE_RUNNER: Runner = [process.execPath, join(import.meta.dirname, 'run-exported.mjs')]

/** A Python that has onnxruntime and NumPy: `IM_IAD_PYTHON`, or the first on the path; `null` where there is none. */
export async function findPythonRunner(): Promise<Runner | null> {
  for (const program of [process.env['IM_IAD_PYTHON'], 'python3', 'python']) {
    if (program === undefined || program === '') continue
    const found = await execute(program, ['-c', 'import numpy, onnxruntime']).catch(() => null)
    if (found !== null) return [program, join(import.meta.dirname, 'run-exported.py')]
  }
  return null
}

/** How far an exported model is off over all pictures. */
export interface Parity {
  /** The largest relative difference of a score. */
  readonly score: number
  /** The largest difference of a map value, relative to the largest value of that map. */
  readonly map: number
}

/** What the model itself says of pictures: scores and maps in the pictures' own size. */
export interface Expected {
  readonly scores: readonly number[]
  readonly maps: readonly Float32Array[]
}

export async function predictAll(model: string, pictures: readonly PixelImage[]): Promise<Expected> {
  const loaded = await loadModel(model, { registry })
  const scored = await Promise.all(pictures.map(async (picture) => loaded.score(await encodePng(picture), { map: true })))
  await loaded.dispose()
  return { scores: scored.map(({ score }) => score), maps: scored.map(({ map }) => map?.data ?? new Float32Array(0)) }
}

export async function parityOf(
  [program, script]: Runner,
  file: string,
  pictures: readonly PixelImage[],
  expected: Expected,
): Promise<Parity> {
  const folder = await temporaryFolder()
  const entries = pictures.map(({ width, height }, index) => ({ name: String(index), width, height }))
  for (const [index, picture] of pictures.entries()) await writeFile(join(folder, `${index}.rgb`), toRgb(picture).data)
  await writeFile(join(folder, 'pictures.json'), JSON.stringify(entries))
  const { stdout } = await execute(program, [script, file, folder])
  const scores = JSON.parse(stdout) as readonly number[]
  const offScores = expected.scores.map((score, index) => Math.abs((scores[index] ?? Number.NaN) - score) / Math.abs(score))
  const offMaps = await Promise.all(expected.maps.map(async (map, index) => offOf(map, await readFile(join(folder, `${index}.map`)))))
  return { score: Math.max(...offScores), map: Math.max(...offMaps) }
}

function offOf(map: Float32Array, stored: Uint8Array): number {
  const found = new Float32Array(Uint8Array.from(stored).buffer)
  if (found.length !== map.length) return Number.NaN
  const largest = map.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return map.reduce((worst, value, index) => Math.max(worst, Math.abs(value - (found[index] ?? Number.NaN))), 0) / largest
}
