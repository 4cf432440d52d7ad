/** `@im-iad/algo-patchcore/model`: for programs that change a fitted memory. */
export type { MemoryImage } from './memory.ts'
export type { PatchCoreParameters } from './parameters.ts'
export { createPatchCore } from './patchcore.ts'
export type { ImagePatches, PatchCoreModel } from './patchcore-model.ts'
