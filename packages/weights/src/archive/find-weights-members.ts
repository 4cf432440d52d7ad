import { openFile, type ByteSource } from '../bytes/byte-source.ts'
import { noWeightsInside, severalWeightsInside, unknownMember } from '../errors.ts'
import { SNIFFED_BYTES, sniffFormat, type FileFormat } from '../sniff-format.ts'
import { torchFolder } from '../torch/open-zip.ts'
import { openArchive, type Archive } from './open-archive.ts'

/** A file of weights within a zip or wheel. */
export interface WeightsMember {
  readonly name: string
  readonly format: FileFormat
  /** Unpacked, in bytes. */
  readonly size: number
}

const WEIGHTS: readonly FileFormat[] = ['safetensors', 'pytorch-legacy', 'zip', 'onnx']

/**
 * The weights files within a zip or wheel, told by what they hold; empty for a PyTorch file, which is a zip as well.
 * @throws ImIadError IM_IAD_E_WEIGHTS_FILE when the archive can't be read
 */
export async function findWeightsMembers(path: string): Promise<readonly WeightsMember[]> {
  const file = await openFile(path)
  try {
    const archive = await openArchive(file)
    return torchFolder(archive) === null ? await weightsMembers(archive) : []
  } finally {
    await file.close()
  }
}

export async function weightsMembers(archive: Archive): Promise<readonly WeightsMember[]> {
  const found: WeightsMember[] = []
  for (const [name, { size }] of archive.members) {
    const format = sniffFormat(await archive.peek(name, SNIFFED_BYTES))
    if (WEIGHTS.includes(format) && (format !== 'zip' || (await isTorchZip(archive, name)))) found.push({ name, format, size })
  }
  return found
}

/** Other archives within an archive are left alone. */
async function isTorchZip(archive: Archive, member: string): Promise<boolean> {
  return torchFolder(await openArchive(await archive.open(member))) !== null
}

/**
 * The one weights file of an archive, or the one that is asked for.
 * @throws ImIadError IM_IAD_E_WEIGHTS_FILE, listing the members where there are several or none of that name
 */
export async function chooseMember(archive: Archive, wanted: string | undefined): Promise<ByteSource> {
  const found = await weightsMembers(archive)
  const names = found.map(({ name }) => name)
  const [first] = names
  if (wanted !== undefined && !names.includes(wanted)) throw unknownMember(archive.name, wanted, names)
  if (wanted !== undefined) return archive.open(wanted)
  if (first === undefined) throw noWeightsInside(archive.name, archive.members.size)
  if (names.length > 1) throw severalWeightsInside(archive.name, names)
  return archive.open(first)
}
