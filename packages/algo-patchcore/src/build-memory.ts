import type { AlgorithmContext, FitRequest, ImageBatch } from '@im-iad/core'
import type { PatchFeatures } from '@im-iad/nn'
import { collectPatches } from './collect-patches.ts'
import { joinMemories, keepPatches, numberImages, type Memory } from './memory.ts'
import { projectionFor, selectPatches, type SelectionTools } from './select-patches.ts'

export interface MemoryRequest {
  readonly request: FitRequest
  /** What the new patches are added to. */
  readonly earlier: Memory | null
  /** Share of the new patches that is kept. */
  readonly coresetRatio: number
  readonly embed: (batch: ImageBatch) => Promise<PatchFeatures>
  readonly tools: SelectionTools & { readonly context: AlgorithmContext }
}

/** Where in the whole progress the parts end. */
const PROGRESS = { extraction: 0.6, selection: 0.9, union: 1 } as const

/** Patch features of all new images, thinned by greedy k-center selection, after those that are there; thinned once more, all together, where they are more than the budget. */
export async function buildMemory(memory: MemoryRequest): Promise<Memory> {
  const { request, earlier } = memory
  const fresh = await rememberImages(memory)
  const joined = earlier === null ? fresh : joinMemories(earlier, fresh)
  const kept = await keepBudget(joined, memory)
  request.onProgress({ fraction: PROGRESS.union, stage: 'selecting the coreset' })
  return kept
}

async function rememberImages({ request, earlier, coresetRatio, embed, tools }: MemoryRequest): Promise<Memory> {
  const { task, samples, signal, onProgress } = request
  const patches = await collectPatches(request, embed, tools, (share) =>
    onProgress({ fraction: PROGRESS.extraction * share, stage: 'extracting features' }),
  )
  try {
    const { points, perImage } = patches
    const count = Math.max(1, Math.floor(coresetRatio * points.rows))
    const wanted = Math.min(count, budgetOf(tools))
    tools.context.log(`selecting ${wanted} of ${points.rows} patches`)
    const onSelected = (share: number): void =>
      onProgress({ fraction: PROGRESS.extraction + (PROGRESS.selection - PROGRESS.extraction) * share, stage: 'selecting the coreset' })
    const picks = await selectPatches({ points, count: wanted, stream: `coreset ${task}`, onProgress: onSelected, signal }, tools)
    const owners = Int32Array.from(picks, (pick) => Math.floor(pick / perImage))
    return { patches: await patches.gather(picks), images: numberImages(earlier, task, samples.length), owners }
  } finally {
    await patches.dispose()
  }
}

/** A coreset of old and new patches together, in the order in which they came, where they are more than the budget. */
async function keepBudget(memory: Memory, { request, tools }: MemoryRequest): Promise<Memory> {
  const { patches } = memory
  const budget = budgetOf(tools)
  if (patches.rows <= budget) return memory
  tools.context.log(`selecting ${budget} of ${patches.rows} patches of all tasks`)
  const projection = projectionFor(patches.columns, tools)
  const points = projection === null ? patches : await tools.product.multiplyByTranspose(patches, projection)
  const onProgress = (share: number): void =>
    request.onProgress({ fraction: PROGRESS.selection + (PROGRESS.union - PROGRESS.selection) * share, stage: 'selecting the coreset' })
  const picks = await selectPatches({ points, count: budget, stream: `budget ${request.task}`, onProgress, signal: request.signal }, tools)
  return keepPatches(memory, picks.sort())
}

function budgetOf({ parameters }: SelectionTools): number {
  return parameters.memoryBudget === 0 ? Infinity : parameters.memoryBudget
}
