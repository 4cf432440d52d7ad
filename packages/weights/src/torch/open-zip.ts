import type { Archive } from '../archive/open-archive.ts'
import type { ByteSource } from '../bytes/byte-source.ts'
import { damagedCheckpoint, unsupportedCheckpoint } from '../errors.ts'
import { codecOf } from '../numbers/element-type.ts'
import { PickleEnds, PickleFault } from '../pickle/byte-cursor.ts'
import type { PickleValue, TorchStorage } from '../pickle/pickle-value.ts'
import { readPickle } from '../pickle/read-pickle.ts'
import type { WeightsContent } from '../weights-file.ts'
import { checkpointContent } from './checkpoint.ts'
import { PICKLE_LIMIT } from './pickle-limit.ts'
import { torchHost } from './torch-host.ts'

/** The folder that `torch.save` puts everything into, or `null` for another kind of archive. */
export function torchFolder(archive: Archive): string | null {
  const pickles = [...archive.members.keys()].filter((member) => /^[^/]+\/data\.pkl$/.test(member))
  const [pickle] = pickles
  return pickles.length === 1 && pickle !== undefined ? pickle.slice(0, -'/data.pkl'.length) : null
}

/**
 * Opens the zip layout of `torch.save` since PyTorch 1.6: `data.pkl`, and a member of plain numbers per storage.
 * @throws ImIadError IM_IAD_E_PICKLE for what it refuses, IM_IAD_E_PYTORCH when it is damaged
 */
export async function openZip(archive: Archive, folder: string, wanted: string | undefined): Promise<WeightsContent> {
  const { name, members } = archive
  if (members.has(`${folder}/constants.pkl`))
    throw unsupportedCheckpoint(
      name,
      'it is a TorchScript program, not a set of tensors',
      'save its parameters: torch.save(torch.jit.load(FILE).state_dict(), "weights.pth")',
    )
  await checkByteOrder(archive, folder)
  const root = await readRoot(archive, `${folder}/data.pkl`)
  const storage = async (asked: TorchStorage): Promise<ByteSource> => {
    const member = `${folder}/data/${asked.key}`
    const size = members.get(member)?.size
    const expected = asked.length * codecOf(asked.type).bytes
    if (size !== expected)
      throw damagedCheckpoint(
        name,
        size === undefined
          ? `storage "${asked.key}" is not there`
          : `storage "${asked.key}" has ${size} bytes; the pickle says ${expected}`,
      )
    return archive.open(member)
  }
  return checkpointContent({ name, format: 'pytorch-zip', root, storage }, wanted)
}

async function readRoot(archive: Archive, member: string): Promise<PickleValue> {
  const size = archive.members.get(member)?.size ?? 0
  if (size > PICKLE_LIMIT) throw damagedCheckpoint(archive.name, `its data.pkl of ${size} bytes is longer than ${PICKLE_LIMIT}`)
  const source = await archive.open(member)
  try {
    return readPickle(await source.read(0, size), 0, torchHost(archive.name)).value
  } catch (error) {
    if (error instanceof PickleEnds) throw damagedCheckpoint(archive.name, 'its data.pkl ends within an instruction')
    if (error instanceof PickleFault) throw damagedCheckpoint(archive.name, `its data.pkl is malformed: ${error.message}`)
    throw error
  }
}

async function checkByteOrder(archive: Archive, folder: string): Promise<void> {
  const size = archive.members.get(`${folder}/byteorder`)?.size
  // Files before PyTorch 2.1 have none, and are little-endian.
  if (size === undefined) return
  const order = size > 16 ? 'unknown' : new TextDecoder().decode(await (await archive.open(`${folder}/byteorder`)).read(0, size))
  if (order !== 'little')
    throw unsupportedCheckpoint(
      archive.name,
      `its numbers are in the byte order "${order}"`,
      'save it again on a little-endian machine (any PC)',
    )
}
