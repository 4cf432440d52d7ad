import { randomUUID } from 'node:crypto'
import { copyFile, rm } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import { RECORD_SCHEMA, type Registry } from '@im-iad/core'
import type { WeightsAddFlags } from '../commands/weights.ts'
import type { ImIadContext } from '../context.ts'
import { describeError } from '../describe-error.ts'
import { findPlugins } from '../find-plugins.ts'
import { copyWeights } from '../weights/copy-weights.ts'
import { megabytes, nameTaken, noWeightsFile, notThesePublished, weightsOfNobody, type AddedFile } from '../weights/errors.ts'
import { lockFile } from '../weights/file-lock.ts'
import { allPublishedWeights, findPublishedWeights } from '../weights/published-weights.ts'
import { hashFile, makeFolder, placeFile, sizeOf, weightsFolder } from '../weights/weights-folder.ts'

/** Where a file belongs: as a backbone's published weights, or as a feature extractor of the user's own (`backbone` is `null`). */
interface Place {
  readonly backbone: string | null
  readonly file: string
}

/** `im-iad weights add`. */
export async function weightsAddAction(this: ImIadContext, flags: WeightsAddFlags, file: string): Promise<void> {
  const { openWeightsBytes } = await import('@im-iad/weights')
  const path = resolve(this.workingDirectory, file)
  const folder = weightsFolder(this.environment)
  await makeFolder(folder)
  const bytes = await openWeightsBytes(path, flags.member === undefined ? {} : { member: flags.member })
  const temporary = join(folder, `.adding-${randomUUID()}.partial`)
  try {
    if (!['safetensors', 'pytorch-legacy', 'zip', 'onnx'].includes(bytes.format)) throw noWeightsFile(path, bytes.format)
    const added: AddedFile = {
      path: bytes.name,
      format: formatName(bytes.format),
      sha256: await copyWeights(bytes, temporary, this.signal),
    }
    const place = await choosePlace(findPlugins(this, flags.plugin ?? []), added, flags.as, bytes.member ?? path, this)
    const origin = { sha256: added.sha256, from: path, member: bytes.member, at: new Date().toISOString() }
    const target = join(folder, place.file)
    const status = await put(temporary, target, origin, place, this)
    if (status === 'added' && place.backbone === null && bytes.member === null) await copyCompanion(path, target)
    if (flags.json)
      return this.print(
        JSON.stringify({
          schema: RECORD_SCHEMA,
          directory: folder,
          weights: [{ ...place, status, path: target, size: bytes.size, sha256: added.sha256 }],
        }),
      )
    this.print(
      `${place.backbone ?? place.file}  ${status === 'present' ? 'there already' : 'added'}, ${megabytes(bytes.size)}${place.backbone === null ? '' : ', SHA-256 as published'}\n  file     ${target}`,
    )
    if (place.backbone === null) this.print(`  use it   --set ALGORITHM.backbone=${target}`)
  } catch (error) {
    if (!this.signal.aborted) throw error
    this.say('interrupted; nothing was added')
    this.exitWith(130)
  } finally {
    await bytes.close()
    await rm(temporary, { force: true })
  }
}

async function choosePlace(
  registry: Registry,
  added: AddedFile,
  id: string | undefined,
  name: string,
  context: ImIadContext,
): Promise<Place> {
  if (id !== undefined) {
    const { backbone, accepted } = await findPublishedWeights(registry, id)
    const match = accepted.find(({ sha256 }) => sha256 === added.sha256)
    if (match === undefined) throw notThesePublished(backbone, added, accepted)
    return { backbone, file: match.file }
  }
  const all = await allPublishedWeights(registry, (error) => context.say(describeError(error)))
  for (const { backbone, accepted } of all) {
    const match = accepted.find(({ sha256 }) => sha256 === added.sha256)
    if (match !== undefined) return { backbone, file: match.file }
  }
  if (added.format !== 'ONNX')
    throw weightsOfNobody(
      added,
      all.map(({ backbone }) => backbone),
    )
  return { backbone: null, file: `${basename(name, extname(name))}.onnx` }
}

async function put(
  temporary: string,
  target: string,
  origin: Parameters<typeof placeFile>[2],
  { backbone }: Place,
  context: ImIadContext,
): Promise<'added' | 'present'> {
  const unlock = await lockFile(target, {
    signal: context.signal,
    onWait: (holder) => context.say(`${holder} is at work on this file; waiting for it`),
    patienceMilliseconds: 600_000,
  })
  try {
    const isThere = (await sizeOf(target)) !== null
    if (isThere && (await hashFile(target, context.signal)) === origin.sha256) return 'present'
    // A backbone's own file that is not the published one is damaged: the right one takes its place.
    if (isThere && backbone === null) throw nameTaken(target)
    await placeFile(temporary, target, origin)
    return 'added'
  } finally {
    await unlock()
  }
}

/** `x.json` beside `x.onnx` says how the model wants its pictures. */
async function copyCompanion(path: string, target: string): Promise<void> {
  const companion = (file: string): string => `${file.slice(0, file.length - extname(file).length)}.json`
  if ((await sizeOf(companion(path))) !== null) await copyFile(companion(path), companion(target))
}

function formatName(format: string): string {
  const names: Readonly<Record<string, string>> = { onnx: 'ONNX', zip: 'PyTorch', 'pytorch-legacy': 'PyTorch, legacy layout' }
  return names[format] ?? format
}
