import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createRowFile, gatherRows } from '../src/index.ts'
import { matrixOf } from './support.ts'

it('a file of rows gives back what was appended, in any order and more than once, and is gone afterwards', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'im-iad-rows-')), 'rows.bin')
  const file = await createRowFile(path, 3)
  const rows = matrixOf(Array.from({ length: 7 }, (_, row) => [row, row / 3, -row]))
  await file.append(rows.data.subarray(0, 6))
  await file.append(rows.data.subarray(6))
  const numbers = Uint32Array.of(6, 0, 3, 3)
  expect(await file.gather(numbers)).toEqual(gatherRows(rows, numbers))
  await file.remove()
  expect(existsSync(path)).toBe(false)
})
