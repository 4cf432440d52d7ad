import { join } from 'node:path'
import { unfitModel } from '@im-iad/nn'
import { readSafetensorsContent, writeSafetensors, type SafetensorsContent } from '@im-iad/weights'
import { UNKNOWN, type Memory, type MemoryImage } from './memory.ts'

const FILE = 'patchcore.safetensors'

/** The key of the free text that holds the tasks' names, as JSON. */
const TASKS = 'tasks'

/** Writes the patches, `[patches, dimension]`, for each the number of its image, and for each image the number of its task and its own number within it. */
export function saveMemory(directory: string, { patches, images, owners }: Memory): Promise<void> {
  const tasks = [...new Set(images.map(({ task }) => task))]
  const numbers = images.flatMap(({ task, index }) => [tasks.indexOf(task), index])
  return writeSafetensors(
    join(directory, FILE),
    {
      bank: { shape: [patches.rows, patches.columns], data: patches.data },
      owners: { shape: [owners.length], data: owners },
      images: { shape: [images.length, 2], data: Int32Array.from(numbers) },
    },
    { metadata: new Map([[TASKS, JSON.stringify(tasks)]]) },
  )
}

/** @throws ImIadError IM_IAD_E_MODEL when the file holds no memory */
export async function loadMemory(directory: string): Promise<Memory> {
  const file = join(directory, FILE)
  const content = await readSafetensorsContent(file)
  const bank = content.tensors.get('bank')
  const [rows, columns] = bank?.shape ?? []
  if (rows === undefined || columns === undefined || !(bank?.data instanceof Float32Array) || rows === 0)
    throw unfitModel('PatchCore', file, 'it has no float32 tensor "bank" of two dimensions')
  const patches = { rows, columns, data: bank.data }
  const owners = content.tensors.get('owners')?.data
  if (owners === undefined) return { patches, images: [], owners: new Int32Array(rows).fill(UNKNOWN) }
  const images = readImages(content)
  const isKnown = (owner: number): boolean => owner >= UNKNOWN && owner < images.length
  if (!(owners instanceof Int32Array) || owners.length !== rows || !owners.every(isKnown))
    throw unfitModel('PatchCore', file, 'its "owners", "images" and "tasks" do not fit the patches')
  return { patches, images, owners }
}

/** None where the file's words and numbers do not fit one another. */
function readImages({ tensors, metadata }: SafetensorsContent): readonly MemoryImage[] {
  const tasks = readTasks(metadata.get(TASKS) ?? '')
  const numbers = tensors.get('images')?.data ?? new Int32Array(0)
  const images = Array.from({ length: numbers.length / 2 }, (_, image) => ({
    task: tasks[numbers[2 * image]],
    index: numbers[2 * image + 1],
  }))
  return images.every((image): image is MemoryImage => typeof image.task === 'string') ? images : []
}

function readTasks(text: string): readonly unknown[] {
  try {
    const tasks: unknown = JSON.parse(text)
    return Array.isArray(tasks) ? tasks : []
  } catch {
    return []
  }
}
