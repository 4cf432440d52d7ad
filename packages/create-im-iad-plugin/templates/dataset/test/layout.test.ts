import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { hasLayout, openLayout } from '../src/layout.ts'

const DATA = fileURLToPath(new URL('data', import.meta.url))
const PNG = { extensions: ['.png'] }

it('finds every picture, its defect and its mask', async () => {
  const { categories, samples, warnings } = await openLayout(DATA, PNG)
  expect(categories).toEqual(['bolt', 'nut'])
  expect(warnings).toEqual([])
  const bolts = await samples('bolt')
  expect(bolts.map(({ id, label, defect, masks }) => [id, label, defect, masks.length])).toEqual([
    ['bolt/defective/scratch/0', 'anomalous', 'scratch', 1],
    ['bolt/normal/0', 'normal', undefined, 0],
    ['bolt/normal/1', 'normal', undefined, 0],
  ])
})

it('says what is missing from another folder', async () => {
  const elsewhere = fileURLToPath(new URL('data/bolt', import.meta.url))
  expect(await hasLayout(elsewhere)).toBe(false)
  await expect(openLayout(elsewhere, PNG)).rejects.toThrow(/no folder in it holds a folder "normal"/)
})
