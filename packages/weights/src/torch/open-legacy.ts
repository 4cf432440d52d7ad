import { partOf, type ByteSource } from '../bytes/byte-source.ts'
import { damagedCheckpoint, unsupportedCheckpoint } from '../errors.ts'
import { codecOf, type ElementType } from '../numbers/element-type.ts'
import { PickleEnds, PickleFault } from '../pickle/byte-cursor.ts'
import type { PickleHost } from '../pickle/pickle-machine.ts'
import type { PickleValue, TorchStorage } from '../pickle/pickle-value.ts'
import { readPickle } from '../pickle/read-pickle.ts'
import { checkpointContent } from './checkpoint.ts'
import { PICKLE_LIMIT } from './pickle-limit.ts'
import { torchHost } from './torch-host.ts'
import type { WeightsContent } from '../weights-file.ts'

/** The whole number that begins a file of `torch.save` before PyTorch 1.6, and the only version that there is. */
const MAGIC = 0x1950a86a20f9469cfc6cn
const VERSION = 1001

const FIRST_PIECE = 256 * 1024

interface Pickles {
  readonly root: PickleValue
  readonly keys: readonly string[]
  /** The types of the storages that the root names. */
  readonly types: ReadonlyMap<string, ElementType>
  readonly end: number
}

/**
 * Opens the layout of `torch.save` before PyTorch 1.6 (`_use_new_zipfile_serialization=False` since): five pickles (magic number, version, facts about the
 * machine, the object, the storages' keys), then for each key an int64 length and the values.
 * @throws ImIadError IM_IAD_E_PICKLE for what it refuses, IM_IAD_E_PYTORCH when it is damaged
 */
export async function openLegacy(source: ByteSource, wanted: string | undefined): Promise<WeightsContent> {
  const pickles = await readPickles(source)
  const places = await findStorages(source, pickles)
  const storage = (asked: TorchStorage): Promise<ByteSource> => {
    const place = places.get(asked.key)
    if (place === undefined || place.size !== asked.length * codecOf(asked.type).bytes)
      throw damagedCheckpoint(
        source.name,
        `storage "${asked.key}" ${place === undefined ? 'is not there' : `has ${place.size} bytes; the pickle says ${asked.length} ${asked.type}`}`,
      )
    return Promise.resolve(place)
  }
  return checkpointContent({ name: source.name, format: 'pytorch-legacy', root: pickles.root, storage }, wanted)
}

/** How long the pickles are is known at their end: they are read in growing pieces. */
async function readPickles(source: ByteSource): Promise<Pickles> {
  const limit = Math.min(source.size, PICKLE_LIMIT)
  for (let size = Math.min(FIRST_PIECE, limit); ; size = Math.min(size * 4, limit)) {
    try {
      return parsePickles(await source.read(0, size), source.name)
    } catch (error) {
      if (error instanceof PickleFault) throw damagedCheckpoint(source.name, error.message)
      if (!(error instanceof PickleEnds)) throw error
      if (size === limit)
        throw damagedCheckpoint(
          source.name,
          limit === source.size ? 'it ends within its pickles' : `its pickles are longer than ${limit} bytes`,
        )
    }
  }
}

function parsePickles(bytes: Uint8Array, name: string): Pickles {
  const types = new Map<string, ElementType>()
  const host = notingStorages(torchHost(name), types)
  let end = 0
  const next = (): PickleValue => {
    const read = readPickle(bytes, end, host)
    end = read.end
    return read.value
  }
  if (next() !== MAGIC) throw new PickleFault('it does not begin with the number of torch.save')
  const version = next()
  if (version !== VERSION) throw new PickleFault(`its layout is of version ${String(version)}; ${VERSION} is known`)
  const machine = next()
  if (typeof machine === 'object' && machine !== null && machine.kind === 'dict' && machine.entries.get('little_endian') === false)
    throw unsupportedCheckpoint(name, 'it was written by a big-endian machine', 'save it again on a little-endian one (any PC)')
  const root = next()
  const keys = next()
  if (typeof keys !== 'object' || keys === null || keys.kind !== 'list' || !keys.items.every((key) => typeof key === 'string'))
    throw new PickleFault("its list of storages' keys is none")
  return { root, keys: keys.items, types, end }
}

function notingStorages(host: PickleHost, types: Map<string, ElementType>): PickleHost {
  return {
    ...host,
    persistent(id, machine) {
      const storage = host.persistent(id, machine)
      if (typeof storage === 'object' && storage !== null && storage.kind === 'storage') types.set(storage.key, storage.type)
      return storage
    },
  }
}

async function findStorages(source: ByteSource, { keys, types, end }: Pickles): Promise<ReadonlyMap<string, ByteSource>> {
  const places = new Map<string, ByteSource>()
  let position = end
  for (const key of keys) {
    const type = types.get(key)
    if (type === undefined || places.has(key))
      throw damagedCheckpoint(source.name, `its storage "${key}" is ${type === undefined ? 'of no tensor' : 'there twice'}`)
    if (position + 8 > source.size) throw damagedCheckpoint(source.name, `it ends before storage "${key}"`)
    const length = new DataView((await source.read(position, 8)).buffer).getBigInt64(0, true)
    const bytes = Number(length) * codecOf(type).bytes
    if (length < 0n || position + 8 + bytes > source.size)
      throw damagedCheckpoint(source.name, `storage "${key}" of ${length} ${type} reaches beyond its end (${source.size} bytes)`)
    places.set(key, partOf(source, `${source.name}, storage ${key}`, position + 8, bytes))
    position += 8 + bytes
  }
  return places
}
