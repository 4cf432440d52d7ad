import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { applyGeometry, readImage, type ResampleFilter } from '../src/index.ts'
import { readFixture } from './support/read-fixture.ts'

interface Case {
  readonly path: string
  readonly filter: ResampleFilter
  readonly sha256: string
}

const root = fileURLToPath(new URL('../../..', import.meta.url))
const data = resolve(root, process.env['IM_IAD_DATA'] ?? '../shared/data')
const { cases } = readFixture<{ readonly cases: readonly Case[] }>('pillow-real.json')

describe('real pictures, decoded and resized, equal Pillow bit for bit', () => {
  it.for(cases)('$path, $filter', async ({ path, filter, sha256 }, { skip }) => {
    const file = join(data, path)
    skip(!existsSync(file), `${file} is not there: set IM_IAD_DATA to the folder of the datasets`)
    const framed = applyGeometry(await readImage(file), { resize: { width: 256, height: 256 }, resample: filter, crop: null })
    expect(createHash('sha256').update(framed.data).digest('hex')).toBe(sha256)
  })
})
