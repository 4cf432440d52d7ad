import type { AlgorithmInstance, FitRequest } from '@im-iad/core'
import type { MemoryImage } from './memory.ts'

/** An image in the memory, and how many of its patches are. */
export interface ImagePatches extends MemoryImage {
  readonly patches: number
}

/** A PatchCore model whose memory can be added to and taken from, image by image. */
export interface PatchCoreModel extends AlgorithmInstance {
  /**
   * The images that the memory was made of, in the order in which they came; also those of which the selection kept no patch. Empty where a model was loaded that does not say.
   * @throws ImIadError IM_IAD_E_NOT_FITTED
   */
  images(): readonly ImagePatches[]
  /**
   * Adds normal images to the memory, whatever the parameter `memory` says; its budget is kept. They are numbered after those of the same task that are there.
   * @param coresetRatio - share of their patches that is added; all where it is left out
   */
  addImages(request: FitRequest, coresetRatio?: number): Promise<void>
  /**
   * Takes images and their patches out of the memory; the model is unfitted where none are left.
   * Without a selection (`coresetRatio` 1, no budget) it is then the memory that was never shown them, bit for bit. With one, patches of other images that were left out because a removed
   * patch was near them do not come back: what was covered by removed images alone is scored as new.
   * @returns how many patches were removed
   * @throws ImIadError IM_IAD_E_NOT_FITTED
   */
  removeImages(isRemoved: (image: MemoryImage) => boolean): number
}
