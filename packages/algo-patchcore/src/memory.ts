import { appendRows, gatherRows, type Matrix } from '@im-iad/linalg'

/** An image whose patches are in the memory: of which task, and which of the images that came with it, counted from 0. */
export interface MemoryImage {
  readonly task: string
  readonly index: number
}

/** Patch features, each with the image that it is of. */
export interface Memory {
  /** float32 `[patches, dimension]`. */
  readonly patches: Matrix
  /** In the order in which they came; also those of which the selection kept no patch. */
  readonly images: readonly MemoryImage[]
  /** Numbers in `images`, one per patch; {@link UNKNOWN} in models that were saved before images were remembered. */
  readonly owners: Int32Array
}

/** The owner of a patch that nobody knows the image of. */
export const UNKNOWN: number = -1

/** Further images of a task, numbered after those of it that are there. */
export function numberImages(memory: Memory | null, task: string, count: number): readonly MemoryImage[] {
  const known = memory?.images.reduce((next, image) => (image.task === task ? Math.max(next, image.index + 1) : next), 0) ?? 0
  return Array.from({ length: count }, (_, index) => ({ task, index: known + index }))
}

export function joinMemories(first: Memory, second: Memory): Memory {
  const owners = new Int32Array(first.owners.length + second.owners.length)
  owners.set(first.owners)
  owners.set(
    second.owners.map((owner) => first.images.length + owner),
    first.owners.length,
  )
  return { patches: appendRows(first.patches, second.patches), images: [...first.images, ...second.images], owners }
}

/** The patches with the given numbers, of the same images. */
export function keepPatches({ patches, images, owners }: Memory, numbers: Uint32Array): Memory {
  return { patches: gatherRows(patches, numbers), images, owners: Int32Array.from(numbers, (number) => owners[number]) }
}

/** Without some images and their patches; the others keep their order. `null` where no patch is left. */
export function withoutImages(memory: Memory, isRemoved: (image: MemoryImage) => boolean): Memory | null {
  const removed = memory.images.map(isRemoved)
  const kept = keepPatches(
    memory,
    Uint32Array.from(memory.owners.keys()).filter((patch) => removed[memory.owners[patch]] !== true),
  )
  if (kept.owners.length === 0) return null
  let next = 0
  const places = removed.map((isGone) => (isGone ? UNKNOWN : next++))
  return {
    patches: kept.patches,
    images: memory.images.filter((_, image) => !removed[image]),
    owners: kept.owners.map((owner) => places[owner] ?? UNKNOWN),
  }
}
