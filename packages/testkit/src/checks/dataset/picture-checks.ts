import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { ImageSource, Sample } from '@im-iad/core'
import { decodeImage, type PixelImage } from '@im-iad/images'
import { defineCheck, violates, type Check } from '../../check.ts'
import type { DatasetSubject } from '../../subjects/dataset-subject.ts'

/** How many pictures of each category are looked at: the first, the last, and anomalous ones between. */
const PER_CATEGORY = 4

/** How many categories are looked at. */
const CATEGORIES = 8

/** What is in the pictures; a few of each category are read. */
export const pictureChecks: readonly Check<DatasetSubject>[] = [
  defineCheck({
    id: 'pictures-can-be-read',
    why: 'A picture that cannot be decoded fails the experiment, hours after it began.',
    fix: 'give 8-bit pictures in a supported format; list only files that are pictures',
    requires: ['opens'],
    async run(subject) {
      for (const { id, image } of await chosenSamples(subject)) {
        const fault = pictureFault(await readSource(image))
        if (fault !== null) violates(`the picture of "${id}" ${fault}`)
      }
    },
  }),
  defineCheck({
    id: 'masks-fit-their-pictures',
    why: 'A mask of another size, or one that marks nothing, makes pixel metrics wrong or impossible.',
    fix: "give masks of the picture's own size in which the defect has at least half of the largest grey level",
    requires: ['pictures-can-be-read'],
    async run(subject) {
      for (const { id, image, masks } of await chosenSamples(subject))
        for (const mask of masks) {
          const [picture, marked] = [await readSource(image), await readSource(mask.image)]
          if (picture.width !== marked.width || picture.height !== marked.height)
            violates(`the mask of "${id}" is ${marked.width}x${marked.height}, its picture ${picture.width}x${picture.height}`)
          if (!marked.data.some((value) => value >= 128)) violates(`a mask of "${id}" marks nothing`)
        }
    },
  }),
  defineCheck({
    id: 'pictures-can-be-read-again',
    why: 'Every picture is read by several experiments and must be the same each time.',
    fix: 'let read give the same bytes or pixels on every call; hand out no stream that is used up',
    requires: ['pictures-can-be-read'],
    async run(subject) {
      for (const { id, image, masks } of await chosenSamples(subject))
        for (const source of [image, ...masks.map((mask) => mask.image)])
          if ((await pixelHash(source)) !== (await pixelHash(source))) violates(`"${id}", read twice, gives different pixels`)
    },
  }),
  defineCheck({
    id: 'fingerprints-tell-pixels',
    why: 'The fingerprint stands for the pixels in the hash of every experiment: equal ones must mean equal pixels, and so on every opening.',
    fix: 'build the fingerprint from everything that the pixels depend on: parameters, seed, category, index, and a number that is raised when the drawing changes',
    requires: ['pictures-can-be-read-again'],
    async run(subject) {
      const known = new Map<string, { readonly id: string; readonly pixels: string }>()
      for (const { id, image, masks } of await chosenSamples(subject))
        for (const source of [image, ...masks.map((mask) => mask.image)]) {
          if (source.kind !== 'pixels') continue
          const pixels = await pixelHash(source)
          const other = known.get(source.fingerprint)
          if (other !== undefined && other.pixels !== pixels)
            violates(`"${other.id}" and "${id}" have one fingerprint and different pixels`)
          known.set(source.fingerprint, { id, pixels })
        }
    },
  }),
]

async function chosenSamples({ samples }: DatasetSubject): Promise<readonly Sample[]> {
  return (await samples()).slice(0, CATEGORIES).flatMap(({ samples: own }) => {
    const anomalous = own.filter((sample) => sample.label === 'anomalous')
    const ends = [own[0], own.at(-1), ...anomalous.filter((_, index) => index % Math.ceil(anomalous.length / 2) === 0)]
    return [...new Set(ends.flatMap((sample) => sample ?? []))].slice(0, PER_CATEGORY)
  })
}

async function readSource(source: ImageSource): Promise<PixelImage> {
  switch (source.kind) {
    case 'file':
      return decodeImage(await readFile(source.path), source.path)
    case 'encoded':
      return decodeImage(await source.read(), source.name)
    case 'pixels':
      return source.read()
  }
}

function pictureFault({ width, height, channels, data }: PixelImage): string | null {
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) return `is ${width}x${height}`
  if (channels !== 1 && channels !== 3) return `has ${String(channels)} channels`
  if (!((data as unknown) instanceof Uint8Array)) return 'has data that is no Uint8Array'
  if (data.length !== width * height * channels) return `has ${data.length} values for ${width}x${height}x${channels}`
  return null
}

async function pixelHash(source: ImageSource): Promise<string> {
  const { width, height, data } = await readSource(source)
  return createHash('sha256').update(`${width}x${height} `).update(data).digest('hex')
}
