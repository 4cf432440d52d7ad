import { basename, join } from 'node:path'
import type { KeptMap } from '@im-iad/core'
import { encodeJpeg, overlay, readImage, readMap, type FloatMap, type PixelImage, type ValueRange } from '@im-iad/images'
import { html, raw, type Html } from './html.ts'
import { readIndex } from './read-index.ts'
import { isOwnFile } from './own-file.ts'

/** Misses, and false alarms, shown per experiment. */
const SHOWN = 8
const JPEG_QUALITY = 82

/** The worst misses and false alarms of an experiment with their heat maps; a sentence where none are kept. */
export async function gallery(experimentFolder: string): Promise<Html> {
  const folder = join(experimentFolder, 'maps')
  const kept = await readIndex(join(folder, 'index.json'))
  if (kept === null) return html`<p class="soft">The list of kept maps is damaged.</p>`
  if (kept.length === 0) return html`<p class="soft">No maps are kept for this experiment.</p>`
  const loaded = await Promise.all(chosen(kept).map((map) => load(folder, map)))
  const range = colourRange(loaded)
  const section = async (why: KeptMap['why'], title: string): Promise<Html> => {
    const figures = await Promise.all(loaded.filter(({ kept: { why: other } }) => other === why).map((map) => figure(map, range)))
    return figures.length === 0
      ? html``
      : html`<h3>${title}</h3>
          <div class="gallery">${figures}</div>`
  }
  return html`${await section('miss', 'Worst misses: anomalous pictures with the lowest scores')}${await section('false-alarm', 'Worst false alarms: normal pictures with the highest scores')}
    <p class="soft">
      Heat from ${range.min.toPrecision(3)} to ${range.max.toPrecision(3)}, the lowest value and the 99.5th percentile of the maps shown; a
      white line is the annotated defect.
    </p>`
}

function chosen(kept: readonly KeptMap[]): readonly KeptMap[] {
  return (['miss', 'false-alarm'] as const).flatMap((why) => kept.filter((map) => map.why === why && map.rank <= SHOWN).slice(0, SHOWN))
}

/** What could be read of a kept map: a run folder may have been copied without its pictures. */
interface LoadedMap {
  readonly kept: KeptMap
  readonly picture: PixelImage | null
  readonly map: FloatMap | null
  readonly mask: PixelImage | null
}

async function load(folder: string, kept: KeptMap): Promise<LoadedMap> {
  const read = async <Value>(name: string | null, reader: (path: string) => Promise<Value>): Promise<Value | null> => {
    // Only names are taken from the index: neither a path in it nor a link can lead out of the folder.
    const path = join(folder, basename(name ?? ''))
    return name !== null && (await isOwnFile(path)) ? reader(path).catch(() => null) : null
  }
  return { kept, picture: await read(kept.picture, readImage), map: await read(kept.map, readMap), mask: await read(kept.mask, readImage) }
}

function colourRange(maps: readonly LoadedMap[]): ValueRange {
  // A sample of each map is enough for a percentile.
  const values = maps
    .flatMap(({ map }) => (map === null ? [] : Array.from(map.data.filter((_, pixel) => pixel % 37 === 0))))
    .toSorted((a, b) => a - b)
  const [min = 0] = values
  const max = values[Math.floor(values.length * 0.995)] ?? 1
  return { min, max: max > min ? max : min + 1 }
}

async function figure({ kept, picture, map, mask }: LoadedMap, range: ValueRange): Promise<Html> {
  const caption = html`<figcaption>
    <b>${kept.score.toPrecision(4)}</b> · ${kept.label}${kept.defect === null ? '' : `, ${kept.defect}`}<br /><span class="soft"
      >${kept.sample}</span
    >
  </figcaption>`
  if (picture === null)
    return html`<figure>
      ${caption}
      <figcaption class="bad">The picture ${kept.picture} is not in the run folder.</figcaption>
    </figure>`
  const plain = html`<img loading="lazy" alt="picture of ${kept.sample}" src="${await dataUri(picture)}" />`
  const heat =
    map === null || map.width !== picture.width || map.height !== picture.height
      ? null
      : overlay(picture, map, { range, ...(mask === null ? {} : { mask: mask.data.map((value) => (value > 127 ? 1 : 0)) }) })
  const hot =
    heat === null
      ? html`<span class="soft">no map</span>`
      : html`<img loading="lazy" alt="anomaly map of ${kept.sample}" src="${await dataUri(heat)}" />`
  return html`<figure>
    <div class="pair">${plain}${hot}</div>
    ${caption}
  </figure>`
}

async function dataUri(image: PixelImage): Promise<Html> {
  // Base64 needs no escaping, and there is much of it.
  return raw(`data:image/jpeg;base64,${Buffer.from(await encodeJpeg(image, JPEG_QUALITY)).toString('base64')}`)
}
