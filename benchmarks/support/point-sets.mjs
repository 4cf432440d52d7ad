import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { mulberry32 } from './random-maps.mjs'

/** Uniform random numbers in [0, 1). */
export function uniformNumbers(rows, columns) {
  const uniform = mulberry32(7)
  return {
    name: `${rows} x ${columns} uniform random numbers`,
    points: { rows, columns, data: Float32Array.from({ length: rows * columns }, uniform) },
  }
}

/** Patch features of Magnetic Tile pictures at strides 8 and 16, as PatchCore uses them; `points` is null where data or weights are missing. */
export async function realPatchFeatures(rows, log) {
  const name = `${rows} patch features of Magnetic Tile, 152-dimensional`
  const folder = resolve(process.env.IM_IAD_DATA ?? '../shared/data', 'mtd/MT_Free/Imgs')
  const weights = resolve(process.env.IM_IAD_WEIGHTS ?? '../shared/weights', 'efficientnet-lite0-features.onnx')
  if (!existsSync(folder) || !existsSync(weights))
    return { name, points: null, missing: `${folder} or ${weights} is not there (IM_IAD_DATA, IM_IAD_WEIGHTS)` }
  const { default: onnx } = await import('@im-iad/backbone-onnx')
  const { applyGeometry, readImage } = await import('@im-iad/images')
  const { embedPatches, openTensorEngine } = await import('@im-iad/nn')
  const [backbone, tensors] = [await onnx.open({ weightsFile: weights, threads: 2 }), await openTensorEngine()]
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.jpg'))
    .toSorted()
  log(`${name}: extracting`)
  let points = null
  for (let index = 0; points === null || index * 1024 < rows; index++) {
    const { data: pixels } = applyGeometry(await readImage(join(folder, files[index])), {
      resize: { width: 256, height: 256 },
      resample: 'bilinear',
      crop: null,
    })
    const { data, dimension } = await embedPatches(
      tensors,
      await backbone.extract({ count: 1, height: 256, width: 256, pixels }, [8, 16]),
      1,
      1024,
    )
    points ??= { rows, columns: dimension, data: new Float32Array(rows * dimension) }
    points.data.set(data.subarray(0, Math.min(data.length, (rows - index * 1024) * dimension)), index * 1024 * dimension)
  }
  await backbone.dispose()
  return { name, points }
}
