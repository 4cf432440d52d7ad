import { open, type FileHandle } from 'node:fs/promises'

/** Slots of equal size that are filled once and read often: in memory up to a limit, in a file beyond it. */
export interface FrameCache {
  /** The slot's bytes; `fill` makes them the first time. Not to be changed. */
  get(index: number, fill: () => Promise<Uint8Array>): Promise<Uint8Array>
  close(): Promise<void>
}

/** Memory that decoded training pictures may take before they go to a file: 2,600 pictures of 256x256. */
const FRAME_MEMORY_BYTES: number = 512 * 1024 * 1024

/** @param file - made when the memory limit is passed */
export function createFrameCache(slots: number, slotBytes: number, file: string, memoryBytes: number = FRAME_MEMORY_BYTES): FrameCache {
  const inMemory = new Map<number, Uint8Array>()
  const memorySlots = Math.floor(memoryBytes / slotBytes)
  const stored = new Set<number>()
  let opening: Promise<FileHandle> | null = null
  const handle = (): Promise<FileHandle> => (opening ??= open(file, 'w+'))
  return {
    async get(index, fill) {
      if (index < 0 || index >= slots) throw new RangeError(`sample ${index} of ${slots}`)
      const kept = inMemory.get(index)
      if (kept !== undefined) return kept
      if (stored.has(index)) return readSlot(await handle(), index, slotBytes)
      const bytes = await fill()
      if (inMemory.size < memorySlots) inMemory.set(index, bytes)
      else {
        await (await handle()).write(bytes, 0, slotBytes, index * slotBytes)
        stored.add(index)
      }
      return bytes
    },
    async close() {
      inMemory.clear()
      if (opening !== null) await (await opening).close()
    },
  }
}

async function readSlot(file: FileHandle, index: number, slotBytes: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(slotBytes)
  const { bytesRead } = await file.read(bytes, 0, slotBytes, index * slotBytes)
  if (bytesRead !== slotBytes) throw new Error(`the cache of decoded pictures was cut short at sample ${index}`)
  return bytes
}
