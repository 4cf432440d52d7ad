import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { ImIadError } from '@im-iad/core'
import { parse } from 'csv-parse/sync'

/**
 * Image scores from a CSV with the columns `image,score`; an image is `<defect>/<name>`, with or without extension.
 * @throws ImIadError IM_IAD_E_SCORES when it can't be read, lacks a column, or holds something that is no number
 */
export async function readScores(file: string): Promise<ReadonlyMap<string, number>> {
  const fail = (problem: string, cause?: unknown): ImIadError =>
    new ImIadError({
      code: 'IM_IAD_E_SCORES',
      what: 'cannot use the image scores',
      found: file,
      problem,
      fix: 'write a CSV with the header image,score',
      cause,
    })
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw fail(error.message, error)
  })
  let rows: readonly Readonly<Record<string, string>>[]
  try {
    rows = parse(text, { columns: true, skip_empty_lines: true, trim: true, bom: true })
  } catch (error) {
    throw fail(error instanceof Error ? error.message : String(error), error)
  }
  const scores = new Map<string, number>()
  for (const [index, { image, score }] of rows.entries()) {
    if (image === undefined || score === undefined) throw fail('it lacks the column "image" or "score"')
    const value = Number(score)
    if (score === '' || !Number.isFinite(value)) throw fail(`row ${index + 2}: the score "${score}" of "${image}" is no finite number`)
    scores.set(scoreKey(image), value)
  }
  return scores
}

/** `bent\000.png` and `bent/000` are the same image. */
function scoreKey(image: string): string {
  const path = image.replaceAll('\\', '/')
  const extension = extname(path)
  return /^\.(tiff?|png|npy|jpe?g|bmp|webp)$/i.test(extension) ? path.slice(0, -extension.length) : path
}
