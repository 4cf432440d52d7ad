import type { PixelImage } from '@im-iad/images'

/** For each of the 256 levels what becomes of it, rounded and kept within 0…255. */
export function tableOf(change: (value: number) => number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, value) => clampLevel(change(value)))
}

export function clampLevel(value: number): number {
  return Math.min(255, Math.max(0, Math.round(value)))
}

/** @param tables - one for all channels, or one for each */
export function applyTables({ width, height, channels, data }: PixelImage, tables: readonly Uint8Array[]): PixelImage {
  const changed = new Uint8Array(data.length)
  for (let channel = 0; channel < channels; channel++) {
    const table = tables[channel % tables.length]
    for (let place = channel; place < data.length; place += channels) changed[place] = table[data[place]]
  }
  return { width, height, channels, data: changed }
}

/** Pillow's `ImageOps.autocontrast`: `cutoff` per cent of the pixels are dropped at either end, and what remains is stretched over all levels. */
export function autocontrastTables(image: PixelImage, cutoff: number): readonly Uint8Array[] {
  return histograms(image).map((histogram) => {
    const cut = Math.floor((histogram.reduce((sum, count) => sum + count, 0) * cutoff) / 100)
    const lowest = firstBeyond(histogram, cut)
    const highest = 255 - firstBeyond(histogram.toReversed(), cut)
    if (highest <= lowest) return tableOf((value) => value)
    const scale = 255 / (highest - lowest)
    return tableOf((value) => Math.trunc((value - lowest) * scale))
  })
}

/** The first level at which more than `cut` pixels have been passed. */
function firstBeyond(histogram: Uint32Array, cut: number): number {
  let passed = 0
  return Math.max(
    0,
    histogram.findIndex((count) => (passed += count) > cut),
  )
}

/** Pillow's `ImageOps.equalize`: levels by the share of pixels below them. */
export function equalizeTables(image: PixelImage): readonly Uint8Array[] {
  return histograms(image).map((histogram) => {
    const used = histogram.filter((count) => count > 0)
    const step = Math.floor((used.reduce((sum, count) => sum + count, 0) - used[used.length - 1]) / 255)
    if (used.length <= 1 || step === 0) return tableOf((value) => value)
    let passed = Math.floor(step / 2)
    const table = new Uint8Array(256)
    for (let level = 0; level < 256; level++) {
      table[level] = Math.min(255, Math.floor(passed / step))
      passed += histogram[level]
    }
    return table
  })
}

function histograms({ channels, data }: PixelImage): readonly Uint32Array[] {
  return Array.from({ length: channels }, (_, channel) => {
    const histogram = new Uint32Array(256)
    for (let place = channel; place < data.length; place += channels) histogram[data[place]]++
    return histogram
  })
}
