import { isImIadError } from '@im-iad/core'
import { mapAhead } from './map-ahead.ts'
import type { Model, Score } from './model.ts'

/** What became of one picture. */
export type ScoredPicture =
  | ({ readonly kind: 'scored'; readonly path: string } & Score)
  /** It has no score and no decision; `reason` is ready to be printed. */
  | { readonly kind: 'unreadable'; readonly path: string; readonly reason: string }

export interface ScorePicturesOptions {
  /** Whether anomaly maps are wanted. */
  readonly maps?: boolean
  /** Ends the sequence after the pictures that are being worked on. */
  readonly signal?: AbortSignal
}

/** Pictures being read while a batch is worked on. */
const AHEAD = 15

/**
 * Scores pictures in order, reading ahead, in memory that does not depend on how many there are. A picture that can't be read or decoded is passed on as such, never as good.
 * @param paths - files, from anywhere: a list, a folder's walk, a pipe
 * @throws whatever the algorithm throws: that is no picture's fault
 */
export async function* scorePictures(
  model: Model,
  paths: AsyncIterable<string> | Iterable<string>,
  { maps = false, signal }: ScorePicturesOptions = {},
): AsyncGenerator<ScoredPicture> {
  // Maps are as large as the pictures, so fewer wait.
  for await (const scored of mapAhead(until(paths, signal), maps ? 3 : AHEAD, (path) => scoreOne(model, path, maps))) yield scored
}

async function scoreOne(model: Model, path: string, map: boolean): Promise<ScoredPicture> {
  try {
    return { kind: 'scored', path, ...(await model.score(path, { map })) }
  } catch (error) {
    if (!isImIadError(error) || error.code !== 'IM_IAD_E_IMAGE') throw error
    const { what, problem } = error.facts
    return { kind: 'unreadable', path, reason: problem === undefined ? what : `${what}: ${problem}` }
  }
}

async function* until<Item>(items: AsyncIterable<Item> | Iterable<Item>, signal: AbortSignal | undefined): AsyncGenerator<Item> {
  const isOver = (): boolean => signal?.aborted === true
  if (isOver()) return
  for await (const item of items) {
    yield item
    if (isOver()) return
  }
}
