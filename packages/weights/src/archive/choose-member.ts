import type { ByteSource } from '../bytes/byte-source.ts'
import { noWeightsInside, severalWeightsInside, unknownMember } from '../errors.ts'
import { SNIFFED_BYTES, sniffFormat, type FileFormat } from '../sniff-format.ts'
import { torchFolder } from '../torch/open-zip.ts'
import { openArchive, type Archive } from './open-archive.ts'

const WEIGHTS: readonly FileFormat[] = ['safetensors', 'pytorch-legacy', 'zip', 'onnx']

/** The weights files within an archive, told by what they hold. */
async function weightsMembers(archive: Archive): Promise<readonly string[]> {
  const found: string[] = []
  for (const name of archive.members.keys()) {
    const format = sniffFormat(await archive.peek(name, SNIFFED_BYTES))
    if (WEIGHTS.includes(format) && (format !== 'zip' || (await isTorchZip(archive, name)))) found.push(name)
  }
  return found
}

/** Other archives within an archive are left alone. */
async function isTorchZip(archive: Archive, member: string): Promise<boolean> {
  return torchFolder(await openArchive(await archive.open(member))) !== null
}

/** A weights file within an archive. */
export interface ChosenMember {
  readonly member: string
  readonly source: ByteSource
}

/**
 * The one weights file of an archive, or the one that is asked for.
 * @throws ImIadError IM_IAD_E_WEIGHTS_FILE, listing the members where there are several or none of that name
 */
export async function chooseMember(archive: Archive, wanted: string | undefined): Promise<ChosenMember> {
  const names = await weightsMembers(archive)
  const [first] = names
  if (wanted !== undefined && !names.includes(wanted)) throw unknownMember(archive.name, wanted, names)
  if (wanted !== undefined) return { member: wanted, source: await archive.open(wanted) }
  if (first === undefined) throw noWeightsInside(archive.name, archive.members.size)
  if (names.length > 1) throw severalWeightsInside(archive.name, names)
  return { member: first, source: await archive.open(first) }
}
