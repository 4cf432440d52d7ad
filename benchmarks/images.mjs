import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { applyGeometry, decodeImage, encodeJpeg } from '@im-iad/images'
import sharp from 'sharp'
import { startPillow } from './support/pillow.mjs'
import { median, seconds } from './support/statistics.mjs'

const DATA = resolve(fileURLToPath(new URL('..', import.meta.url)), process.env.IM_IAD_DATA ?? '../shared/data')
const SIZE = 256
const GEOMETRY = { resize: { width: SIZE, height: SIZE }, resample: 'bilinear', crop: null }
/** ImageNet's mean and standard deviation of each channel. */
const MEAN = [0.485, 0.456, 0.406]
const DEVIATION = [0.229, 0.224, 0.225]

/** Each takes the bytes of a file to float32 `[3, 256, 256]`, one picture at a time. */
const CONTENDERS = {
  ours: async (bytes) => normalize(applyGeometry(await decodeImage(bytes, 'picture'), GEOMETRY).data),
  /** Its own resize, which shrinks JPEGs while decoding them: fast, and not the pixels of any other program. */
  sharp: async (bytes) => normalize(await resizeWithSharp(sharp(bytes))),
  /** All pixels are decoded before they are resized, as Pillow and we do. */
  sharpFullSize: async (bytes) => {
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
    return normalize(await resizeWithSharp(sharp(data, { raw: info })))
  },
}

/**
 * Images per second for decoding, resizing to 256x256 and normalising: the images package against sharp alone and against Pillow with NumPy, over real pictures
 * of the data folder and one synthetic photograph of 4032x3024 pixels. Ratios are medians of rounds in which all take turns.
 * @param {{quick?: boolean, log?: (line: string) => void}} [options]
 * @returns {Promise<{name: string, ratio: number, unit: string, target: string, details: object}>}
 */
export async function bench({ quick = false, log = () => {} } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'im-iad-bench-'))
  const pillow = await startPillow()
  try {
    const sets = {}
    for (const { name, paths } of await pictureSets(folder)) {
      sets[name] = paths.length === 0 ? `no pictures in ${DATA}` : await measure(paths, pillow, quick ? 3 : 9)
      log(`${name}: ${JSON.stringify(sets[name])}`)
    }
    const measured = Object.values(sets).filter((set) => typeof set === 'object')
    return {
      name: 'images',
      ratio: geometricMean(measured.map(({ ratios }) => ratios.sharp)),
      unit: 'x the images/s of sharp alone (geometric mean of the sets)',
      target: 'none set',
      details: {
        pillow: pillow?.version ?? 'missing: set IM_IAD_PYTHON to a Python with pillow and numpy',
        sharp: sharp.versions.sharp,
        sets,
      },
    }
  } finally {
    pillow?.stop()
    await rm(folder, { recursive: true })
  }
}

async function pictureSets(folder) {
  const photograph = join(folder, 'photograph.jpg')
  await writeFile(photograph, await encodeJpeg(syntheticPhotograph(4032, 3024), 90))
  return [
    { name: 'mtd, JPEG', paths: await files('mtd/MT_Free/Imgs', '.jpg', 60) },
    { name: 'mvtec-ad/grid, PNG 1024x1024', paths: await files('mvtec-ad/grid/train/good', '.png', 12) },
    { name: 'synthetic JPEG 4032x3024', paths: [photograph] },
  ]
}

async function files(folder, extension, count) {
  const names = await readdir(join(DATA, folder)).catch(() => [])
  return names
    .filter((name) => name.endsWith(extension))
    .toSorted()
    .slice(0, count)
    .map((name) => join(DATA, folder, name))
}

async function measure(paths, pillow, rounds) {
  const contents = await Promise.all(paths.map((path) => readFile(path)))
  const times = { ours: [], sharp: [], sharpFullSize: [], ...(pillow === null ? {} : { pillow: [] }) }
  for (const work of Object.values(CONTENDERS)) await overAll(contents, work)
  for (let round = 0; round < rounds; round++) {
    for (const [name, work] of Object.entries(CONTENDERS)) times[name].push(await seconds(() => overAll(contents, work)))
    if (pillow !== null) times.pillow.push(await pillow.seconds(paths))
  }
  const imagesPerSecond = {}
  const ratios = {}
  for (const [name, values] of Object.entries(times)) {
    imagesPerSecond[name] = threeDigits(paths.length / median(values))
    if (name !== 'ours') ratios[name] = threeDigits(median(values.map((value, index) => value / times.ours[index])))
  }
  return { pictures: paths.length, rounds, imagesPerSecond, ratios }
}

async function overAll(contents, work) {
  for (const bytes of contents) await work(bytes)
}

function resizeWithSharp(image) {
  return image.resize(SIZE, SIZE, { fit: 'fill', kernel: 'linear' }).removeAlpha().toColourspace('srgb').raw().toBuffer()
}

/** uint8 `[256, 256, 3]` to float32 `[3, 256, 256]`. */
function normalize(pixels) {
  const plane = SIZE * SIZE
  if (pixels.length !== plane * 3) throw new Error(`${pixels.length} values instead of ${plane * 3}`)
  const values = new Float32Array(plane * 3)
  for (let channel = 0; channel < 3; channel++) {
    const scale = 1 / (255 * DEVIATION[channel])
    const shift = MEAN[channel] / DEVIATION[channel]
    for (let pixel = 0; pixel < plane; pixel++) values[channel * plane + pixel] = pixels[pixel * 3 + channel] * scale - shift
  }
  return values
}

/** Slow waves with fine grain, so that the file weighs what a photograph does. */
function syntheticPhotograph(width, height) {
  const data = new Uint8Array(width * height * 3)
  for (let y = 0, index = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const grain = Math.imul(x * 31 + y * 17, 0x9e3779b1) >>> 28
      for (let channel = 0; channel < 3; channel++) data[index++] = 120 + 60 * Math.sin(x / 40 + channel) + 40 * Math.cos(y / 33) + grain
    }
  return { width, height, channels: 3, data }
}

function geometricMean(values) {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)
}

function threeDigits(value) {
  return Number(value.toPrecision(3))
}
