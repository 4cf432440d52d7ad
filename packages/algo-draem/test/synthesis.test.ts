import { readFileSync } from 'node:fs'
import { createRandomSource } from '@im-iad/core'
import type { PixelImage } from '@im-iad/images'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { proceduralTexture } from '../src/synthesis/procedural-texture.ts'
import { drawRecipe, type PictureRecipe } from '../src/synthesis/recipe.ts'
import { startSynthesisThread } from '../src/synthesis/synthesis-thread.ts'
import { synthesize, type SynthesisItem } from '../src/synthesis/synthesize.ts'
import { augmentTexture, drawAugmentations, type TextureAugmentation } from '../src/synthesis/texture-augmentation.ts'
import { colorStrength, limitColor } from '../src/synthesis/texture-color.ts'

const SIZE = { height: 64, width: 64 }
const JOB = { ...SIZE, textureColor: 'own' } as const

function streamOf(seed: number): ReturnType<ReturnType<typeof createRandomSource>['stream']> {
  return createRandomSource(seed, 'algorithm').stream('damage')
}

function draw(seed: number, textureFiles: number = 0): PictureRecipe {
  return drawRecipe(streamOf(seed), { pictures: 10, textureFiles })
}

const RECIPES = Array.from({ length: 3000 }, (_, seed) => draw(seed))

function greyItem(recipe: PictureRecipe, texture: PixelImage | null = null): SynthesisItem {
  return { pixels: new Uint8Array(SIZE.height * SIZE.width * 3).fill(128), recipe, texture }
}

describe('drawRecipe', () => {
  it('turns 3 of 10 pictures and damages half of them', () => {
    const share = (matches: (recipe: PictureRecipe) => boolean): number => RECIPES.filter(matches).length / RECIPES.length
    expect(share(({ turn }) => turn !== 0)).toBeCloseTo(0.3, 1)
    expect(share(({ damage }) => damage !== null)).toBeCloseTo(0.5, 1)
    expect(new Set(RECIPES.map(({ picture }) => picture)).size).toBe(10)
  })

  it('keeps to the ranges of the method', () => {
    const damages = RECIPES.flatMap(({ damage }) => (damage === null ? [] : [damage]))
    for (const { opacity, turn, grid, directions, augmentations } of damages) {
      expect(opacity > 0.2 && opacity <= 1 && turn >= -90 && turn < 90).toBe(true)
      expect([1, 2, 4, 8, 16, 32]).toEqual(expect.arrayContaining([grid.rows, grid.columns]))
      expect(directions).toHaveLength((grid.rows + 1) * (grid.columns + 1))
      expect(new Set(augmentations.map(({ kind }) => kind)).size).toBe(3)
    }
    expect(new Set(damages.flatMap(({ augmentations }) => augmentations.map(({ kind }) => kind))).size).toBe(10)
  })

  it('names a file where there are any, and a formula where there is none', () => {
    const textures = Array.from({ length: 50 }, (_, seed) => draw(seed, 4).damage?.texture ?? null).filter((texture) => texture !== null)
    expect(textures.length).toBeGreaterThan(10)
    expect(textures.every((texture) => texture.kind === 'file' && texture.index < 4)).toBe(true)
    expect(RECIPES.every(({ damage }) => damage === null || damage.texture.kind === 'procedural')).toBe(true)
  })

  it('gives the same for the same stream', () => {
    expect(draw(7)).toEqual(RECIPES[7])
  })
})

describe('synthesize', () => {
  const batch = synthesize({ ...JOB, items: RECIPES.slice(0, 60).map((recipe) => greyItem({ ...recipe, turn: 0 })) })
  const plane = SIZE.height * SIZE.width

  it('changes pictures within their masks and nowhere else', () => {
    expect(batch.mask.every((value) => value === 0 || value === 1)).toBe(true)
    expect(batch.damaged.every((value) => value >= 0 && value <= 1)).toBe(true)
    let changed = 0
    for (let place = 0; place < batch.mask.length; place++)
      for (let value = place * 3; value < place * 3 + 3; value++) {
        if (batch.mask[place] === 0 && batch.damaged[value] !== batch.clean[value]) throw new Error(`changed outside the mask at ${value}`)
        if (batch.damaged[value] !== batch.clean[value]) changed++
      }
    expect(changed).toBeGreaterThan(0.9 * 3 * batch.mask.reduce((sum, value) => sum + value, 0))
  })

  it('leaves pictures without damage as they are', () => {
    const clean = RECIPES.slice(0, 60).flatMap(({ damage }, index) => (damage === null ? [index] : []))
    expect(clean.length).toBeGreaterThan(10)
    for (const index of clean) expect(batch.mask.subarray(index * plane, (index + 1) * plane).some((value) => value === 1)).toBe(false)
  })

  it('damages about as much as measured of the authors’ noise: 5 % of the pixels, nothing in 1 of 20', () => {
    const damaged = RECIPES.filter(({ damage }) => damage !== null).slice(0, 600)
    const { mask } = synthesize({
      ...JOB,
      height: 32,
      width: 32,
      items: damaged.map((recipe) => ({ ...greyItem(recipe), pixels: new Uint8Array(3072) })),
    })
    const shares = damaged.map((_, index) => mask.subarray(index * 1024, (index + 1) * 1024).reduce((sum, value) => sum + value, 0) / 1024)
    // Noise of 32 cells vanishes in a picture of 32 pixels: only those with at most 16 count.
    const coarse = shares.filter(
      (_, index) => Math.max(damaged[index].damage?.grid.rows ?? 32, damaged[index].damage?.grid.columns ?? 32) <= 8,
    )
    expect(coarse.reduce((sum, share) => sum + share, 0) / coarse.length).toBeGreaterThan(0.025)
    expect(coarse.reduce((sum, share) => sum + share, 0) / coarse.length).toBeLessThan(0.08)
  })

  it('blends a file’s pixels in by the opacity', () => {
    const recipe = RECIPES.find(({ damage }) => damage !== null && damage.grid.rows === 4 && damage.grid.columns === 4)
    if (recipe === undefined || recipe.damage === null) throw new Error('no such recipe')
    const texture: PixelImage = { width: 90, height: 50, channels: 1, data: new Uint8Array(4500).fill(200) }
    const damage = { ...recipe.damage, texture: { kind: 'file', index: 0 }, augmentations: [], opacity: 0.75 } as const
    const { damaged, mask } = synthesize({ ...JOB, items: [greyItem({ picture: 0, turn: 0, damage }, texture)] })
    const place = mask.indexOf(1)
    expect(place).toBeGreaterThan(-1)
    expect(damaged[place * 3]).toBeCloseTo((0.25 * 128 + 0.75 * 200) / 255, 6)
  })

  it('keeps grey pictures grey where textures are as colourful as the picture, and damages the same places', () => {
    const items = RECIPES.slice(0, 60).map((recipe) => greyItem(recipe))
    const greyed = synthesize({ ...JOB, items, textureColor: 'as-picture' })
    const colored = (values: Float32Array): number => values.filter((value, place) => value !== values[place - (place % 3)]).length
    expect(colored(batch.damaged)).toBeGreaterThan(1000)
    expect(colored(greyed.damaged)).toBe(0)
    expect(greyed.mask).toEqual(synthesize({ ...JOB, items }).mask)
    expect(greyed.damaged).not.toEqual(greyed.clean)
  })

  it('gives the same in a thread of its own, which can be closed and says what failed', async () => {
    const thread = startSynthesisThread()
    const items = RECIPES.slice(0, 8).map((recipe) => greyItem(recipe))
    const expected = synthesize({ ...JOB, items })
    const copies = (): SynthesisItem[] => items.map((item) => ({ ...item, pixels: Uint8Array.from(item.pixels) }))
    expect(await thread.synthesize({ ...JOB, items: copies() })).toEqual(expected)
    const file = RECIPES.find(({ damage }) => damage !== null && damage.grid.rows === 4 && damage.grid.columns === 4)
    if (file === undefined || file.damage === null) throw new Error('no such recipe')
    const lost = { ...file, damage: { ...file.damage, texture: { kind: 'file', index: 0 } } } as const
    await expect(thread.synthesize({ ...JOB, items: [greyItem(lost)] })).rejects.toThrow('comes with the decoded file')
    await thread.close()
    await expect(thread.synthesize({ ...JOB, items: copies() })).rejects.toThrow('has ended')
  })
})

describe('augmentTexture', () => {
  const picture: PixelImage = {
    width: 16,
    height: 16,
    channels: 3,
    data: Uint8Array.from({ length: 768 }, (_, place) => {
      const [c, x, y] = [place % 3, Math.floor(place / 3) % 16, Math.floor(place / 48)]
      return 40 + ((y * 7 + x * 11 + c * 29 + ((x * y) % 13) * 3) % 150)
    }),
  }
  const pillow: Readonly<Record<string, readonly number[]>> = JSON.parse(
    readFileSync(new URL('fixtures/texture-reference.json', import.meta.url), 'utf8'),
  ) as Readonly<Record<string, readonly number[]>>

  it.each<[string, TextureAugmentation, number]>([
    ['autocontrast', { kind: 'autocontrast', cutoff: 12 }, 1],
    ['equalize', { kind: 'equalize' }, 0],
    ['solarize', { kind: 'solarize', threshold: 100 }, 0],
    ['posterize', { kind: 'posterize', bits: 3 }, 0],
    ['invert', { kind: 'invert' }, 0],
    ['sharpness', { kind: 'sharpness', factor: 1.7 }, 1],
    ['smoothness', { kind: 'sharpness', factor: 0.2 }, 1],
  ])('%s is Pillow’s, to a level', (name, augmentation, tolerance) => {
    const { data } = augmentTexture(picture, augmentation)
    const differences = pillow[name].map((value, place) => Math.abs(value - data[place]))
    expect(Math.max(...differences)).toBeLessThanOrEqual(tolerance)
  })

  it('leaves the given picture alone, keeps its size, and constant ones go through every change', () => {
    const constant: PixelImage = { width: 8, height: 8, channels: 3, data: new Uint8Array(192).fill(90) }
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        for (const source of [picture, constant]) {
          const before = Uint8Array.from(source.data)
          const changed = drawAugmentations(streamOf(seed)).reduce(augmentTexture, source)
          expect([changed.width, changed.height, changed.data.length]).toEqual([source.width, source.height, source.data.length])
          expect(source.data).toEqual(before)
        }
      }),
      { numRuns: 100 },
    )
  })

  it.each(['luma', 'hsv', 'hls', 'lab'] as const)('brightness in %s: doing nothing keeps the picture, more is brighter', (space) => {
    const change = (factor: number, offset: number): Uint8Array =>
      augmentTexture(picture, { kind: 'brightness', space, factor, offset, order: 'multiply-first' }).data
    const same = change(1, 0)
    expect(Math.max(...picture.data.map((value, place) => Math.abs(value - same[place])))).toBeLessThanOrEqual(3)
    const total = (data: Uint8Array): number => data.reduce((sum, value) => sum + value, 0)
    expect(total(change(1, 25))).toBeGreaterThan(total(same) + 768 * 5)
    expect(total(change(0.8, 0))).toBeLessThan(total(same) - 768 * 5)
  })

  it('a full circle of hue keeps the picture, half of one swaps opposite colours', () => {
    const turn = (hue: number, saturation = 0): Uint8Array => augmentTexture(picture, { kind: 'hue-saturation', hue, saturation }).data
    expect(Math.max(...turn(180).map((value, place) => Math.abs(value - picture.data[place])))).toBeLessThanOrEqual(1)
    const red: PixelImage = { width: 1, height: 1, channels: 3, data: Uint8Array.of(200, 100, 100) }
    expect([...augmentTexture(red, { kind: 'hue-saturation', hue: 90, saturation: 0 }).data]).toEqual([100, 200, 200])
    expect([...augmentTexture(red, { kind: 'hue-saturation', hue: 0, saturation: -255 }).data]).toEqual([200, 200, 200])
  })
})

describe('limitColor', () => {
  const rgb = (...data: readonly number[]): PixelImage => ({ width: data.length / 3, height: 1, channels: 3, data: Uint8Array.from(data) })

  it('measures how far colours are from grey', () => {
    expect(colorStrength(rgb(90, 90, 90, 7, 7, 7).data)).toBe(0)
    // (90, 60, 60) is (20, -10, -10) from its grey of 70: √((400 + 100 + 100) / 3).
    expect(colorStrength(rgb(90, 60, 60).data)).toBeCloseTo(Math.sqrt(200), 10)
  })

  it('leaves alone what is not more colourful, halves distances for half the strength, and greys for none', () => {
    const red = rgb(90, 60, 60)
    expect(limitColor(red, 20)).toBe(red)
    expect([...limitColor(red, Math.sqrt(200) / 2).data]).toEqual([80, 65, 65])
    expect([...limitColor(red, 0).data]).toEqual([70, 70, 70])
  })

  it('never exceeds the strength by more than rounding', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.double({ min: 0, max: 120, noNaN: true }), (seed, strength) => {
        const texture = proceduralTexture(seed, { height: 8, width: 8 })
        expect(colorStrength(limitColor(texture, strength).data)).toBeLessThanOrEqual(strength + 0.5)
      }),
      { numRuns: 100 },
    )
  })
})

describe('proceduralTexture', () => {
  it('is the same for the same seed, another for another, and has contrast', () => {
    const textures = Array.from({ length: 20 }, (_, seed) => proceduralTexture(seed, SIZE).data)
    expect(proceduralTexture(3, SIZE).data).toEqual(textures[3])
    expect(new Set(textures.map((data) => data.join())).size).toBe(20)
    const spreads = textures.map((data) => Math.max(...data) - Math.min(...data))
    expect(Math.min(...spreads)).toBeGreaterThan(40)
  })
})
