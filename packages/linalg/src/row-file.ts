import { open, rm } from 'node:fs/promises'
import type { Matrix } from '@im-iad/linalg'

/** Rows of float32 in a file: written one after another, read back by number. */
export interface RowFile {
  append(rows: Float32Array): Promise<void>
  /** Copies of the rows with the given numbers, in that order. */
  gather(numbers: Uint32Array): Promise<Matrix>
  remove(): Promise<void>
}

export async function createRowFile(path: string, columns: number): Promise<RowFile> {
  const file = await open(path, 'w+')
  return {
    async append(rows) {
      await file.writeFile(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength))
    },
    async gather(numbers) {
      const data = new Float32Array(numbers.length * columns)
      const bytes = new Uint8Array(data.buffer)
      const rowBytes = columns * 4
      for (const [place, number] of numbers.entries()) await file.read(bytes, place * rowBytes, rowBytes, number * rowBytes)
      return { rows: numbers.length, columns, data }
    },
    async remove() {
      await file.close()
      await rm(path, { force: true })
    },
  }
}
