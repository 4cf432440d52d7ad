import { chooseMember } from './archive/choose-member.ts'
import { openArchive } from './archive/open-archive.ts'
import { openFile, type ByteSource } from './bytes/byte-source.ts'
import { unknownFormat } from './errors.ts'
import { openSafetensors } from './safetensors/open-safetensors.ts'
import { sniffSource, type FileFormat } from './sniff-format.ts'
import { openLegacy } from './torch/open-legacy.ts'
import { openZip, torchFolder } from './torch/open-zip.ts'
import { weightsFile, type WeightsContent, type WeightsFile } from './weights-file.ts'

export interface OpenWeightsOptions {
  /** Which member of an archive that holds several weights files. */
  readonly member?: string
  /** Which dict of a PyTorch file that holds several (`state_dict_ema`). */
  readonly stateDict?: string
}

/**
 * Opens a file of weights as data: `.safetensors`, `.pth` and `.pt` in both of PyTorch's layouts, and a zip or Python wheel that holds one of them. The format is told by
 * what the file holds, not by its name. The header is read, tensors when they are asked for; nothing in the file is ever executed.
 * @throws ImIadError, naming the file: IM_IAD_E_WEIGHTS_FILE (not there, unknown, no or several weights inside), IM_IAD_E_SAFETENSORS, IM_IAD_E_PYTORCH
 * (damaged), IM_IAD_E_PICKLE (wants something other than tensors), IM_IAD_E_TENSOR (a tensor's name is a trap)
 */
export async function openWeights(path: string, options: OpenWeightsOptions = {}): Promise<WeightsFile> {
  const file = await openFile(path)
  try {
    return weightsFile(await openSource(file, options), () => file.close())
  } catch (error) {
    await file.close()
    throw error
  }
}

async function openSource(source: ByteSource, options: OpenWeightsOptions): Promise<WeightsContent> {
  const format = await sniffSource(source)
  if (format !== 'zip') return openPlain(source, format, options)
  const archive = await openArchive(source)
  const folder = torchFolder(archive)
  if (folder !== null) return openZip(archive, folder, options.stateDict)
  // What is inside is no archive of archives: members are chosen among weights files.
  const { member, ...rest } = options
  return openSource((await chooseMember(archive, member)).source, rest)
}

async function openPlain(source: ByteSource, format: FileFormat, { stateDict }: OpenWeightsOptions): Promise<WeightsContent> {
  if (format === 'safetensors') return openSafetensors(source)
  if (format === 'pytorch-legacy') return openLegacy(source, stateDict)
  // A damaged file is best described by the reader of what it is said to be.
  if (format === 'unknown' && source.name.endsWith('.safetensors')) return openSafetensors(source)
  throw unknownFormat(source.name, ...OTHERS[format])
}

const AGAIN = 'download the file again'

/** What else files turn out to be: the problem, and what to do. */
const OTHERS: Readonly<Record<Exclude<FileFormat, 'safetensors' | 'pytorch-legacy'>, readonly [string, string]>> = {
  zip: ['it is an archive within an archive', 'unpack it and name the file inside'],
  onnx: ['it is an ONNX model: a whole network, not a set of tensors', 'use it as a backbone as it is: --set ALGORITHM.backbone=FILE.onnx'],
  pickle: [
    'it is a bare Python pickle, not a file of torch.save; such files are programs',
    'in Python: torch.save(state_dict, "weights.pth") with tensors as values',
  ],
  hdf5: ['it is HDF5, as Keras writes it', 'convert it to safetensors'],
  gzip: ['it is compressed by gzip', 'unpack it (gzip -d) and name the file inside'],
  'web-page': ['it is a web page: a server answered the download with a message', `look at it in a browser, then ${AGAIN}`],
  'lfs-pointer': ['it is a Git LFS pointer: the weights themselves are elsewhere', 'git lfs pull, or download the file itself'],
  unknown: ['it begins like no safetensors, PyTorch or zip file', `${AGAIN}, or convert it to safetensors`],
}
