import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRandomSource } from '@im-iad/core'
import { CATEGORIES } from '@im-iad/datasets-synthetic/render'
import { describe, expect, it } from 'vitest'
import { OBJECTS } from '../training/objects/all-objects.ts'
import { renderScene } from '../training/scenes/render-scene.ts'
import { TEXTURES } from '../training/textures/all-textures.ts'

/** What the pictures of each synthetic category are made of. Whoever adds a category adds a line, and sees here whether the backbone was trained on its like. */
const SYNTHETIC: Readonly<Record<string, readonly string[]>> = {
  brushed: ['brushed', 'brushing', 'sheet'],
  lozenge: ['lozenge', 'capsule', 'bar'],
  terrazzo: ['terrazzo', 'chip'],
  tray: ['tray', 'compartment', 'disc', 'square', 'triangle'],
  washer: ['washer', 'ring', 'annulus'],
  weave: ['weave', 'cloth', 'thread'],
}

const FAMILIES = [...TEXTURES, ...OBJECTS]
const TRAINING = join(import.meta.dirname, '..', 'training')
const SIZE = 48

describe('the families that the backbone is trained on', () => {
  it('are many, each with an id and a motif of its own', () => {
    expect(TEXTURES.length).toBeGreaterThanOrEqual(20)
    expect(OBJECTS.length).toBeGreaterThanOrEqual(7)
    expect(new Set(FAMILIES.map(({ id }) => id)).size).toBe(FAMILIES.length)
    expect(new Set(FAMILIES.map(({ motif }) => motif)).size).toBe(FAMILIES.length)
  })

  it('are none of those that the synthetic dataset tests with', () => {
    expect(Object.keys(SYNTHETIC).toSorted()).toEqual(CATEGORIES.map(({ name }) => name).toSorted())
    const taken = new Set(Object.values(SYNTHETIC).flat())
    expect(FAMILIES.filter(({ id, motif }) => taken.has(id) || taken.has(motif))).toEqual([])
  })

  it('are painted without a line of the synthetic dataset, and of no other data', () => {
    const sources = readdirSync(TRAINING, { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.endsWith('.ts') && !path.startsWith('dist'),
    )
    expect(sources.length).toBeGreaterThan(FAMILIES.length)
    expect(sources.filter((path) => /@im-iad\/datasets-/.test(readFileSync(join(TRAINING, path), 'utf8')))).toEqual([])
  })

  it.each(TEXTURES)('$id has values in 0…1 that vary, and is another one for another draw', ({ id, paint }) => {
    const fields = Array.from({ length: 6 }, (_, draw) => paint(SIZE, createRandomSource(draw, 'test').stream(id)))
    for (const field of fields) {
      expect(field).toHaveLength(SIZE * SIZE)
      const [low, high] = [Math.min(...field), Math.max(...field)]
      expect(low).toBeGreaterThanOrEqual(0)
      expect(high).toBeLessThanOrEqual(1)
      expect(high - low).toBeGreaterThan(0.1)
    }
    expect(new Set(fields.map((field) => field.join())).size).toBe(fields.length)
  })

  it.each(OBJECTS)('$id covers some of its square, not all', ({ id, outline }) => {
    for (let draw = 0; draw < 20; draw++) {
      const depth = outline(createRandomSource(draw, 'test').stream(id))
      let inside = 0
      for (let step = 0; step < 41 * 41; step++) if (depth((step % 41) / 20 - 1, Math.floor(step / 41) / 20 - 1) > 0) inside++
      expect(inside).toBeGreaterThan(10)
      expect(inside).toBeLessThan(41 * 41 * 0.9)
    }
  })
})

describe('scenes', () => {
  it('are the same bytes for the same seed and number, and others for others', () => {
    const scene = (seed: number, number: number): string => Buffer.from(renderScene(seed, number, SIZE)).toString('base64')
    expect(scene(1, 2)).toBe(scene(1, 2))
    const all = [scene(1, 2), scene(1, 3), scene(2, 2)]
    expect(new Set(all).size).toBe(all.length)
  })

  it('use the whole range of brightness, some of them without colour', () => {
    const scenes = Array.from({ length: 40 }, (_, number) => renderScene(0, number, SIZE))
    const means = scenes.map((pixels) => pixels.reduce((sum, value) => sum + value, 0) / pixels.length)
    expect(Math.min(...means)).toBeLessThan(80)
    expect(Math.max(...means)).toBeGreaterThan(160)
    const grey = scenes.filter((pixels) => pixels.every((value, index) => value === pixels[index - (index % 3)]))
    expect(grey.length).toBeGreaterThan(2)
    expect(grey.length).toBeLessThan(30)
  })
})
