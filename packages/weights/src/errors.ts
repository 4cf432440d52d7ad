import { ImIadError } from '@im-iad/errors'

const AGAIN = 'restore the file from its original, or download it again'

export function unreadableFile(path: string, error: Error): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_WEIGHTS_FILE',
    what: 'cannot open the weights file',
    found: path,
    problem: error.message,
    fix: 'correct the path, or the rights to read it',
    cause: error,
  })
}

export function shortFile(name: string, needed: number, size: number): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_WEIGHTS_FILE',
    what: 'the weights file ends too early',
    found: name,
    problem: `its byte ${needed} is needed; it has ${size}`,
    fix: AGAIN,
  })
}

export function unknownFormat(name: string, problem: string, fix: string): ImIadError {
  return new ImIadError({ code: 'IM_IAD_E_WEIGHTS_FILE', what: 'cannot read weights from this file', found: name, problem, fix })
}

export function damagedArchive(name: string, problem: string, cause?: unknown): ImIadError {
  return new ImIadError({ code: 'IM_IAD_E_WEIGHTS_FILE', what: 'cannot read the archive', found: name, problem, fix: AGAIN, cause })
}

export function archiveBomb(name: string, member: string, problem: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_WEIGHTS_FILE',
    what: `refuses to unpack "${member}"`,
    found: name,
    problem,
    fix: 'take weights from a source that you trust; unpack the archive yourself if you do trust this one',
  })
}

export function noWeightsInside(name: string, members: number): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_WEIGHTS_FILE',
    what: 'the archive holds no weights',
    found: name,
    problem: `none of its ${members} members is a safetensors, PyTorch or ONNX file, told by what they hold`,
    fix: 'name an archive that holds one, or the file itself',
  })
}

export function severalWeightsInside(name: string, members: readonly string[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_WEIGHTS_FILE',
    what: `the archive holds ${members.length} weights files`,
    found: name,
    problem: members.join(', '),
    fix: 'say which: --member NAME (option "member")',
  })
}

export function unknownMember(name: string, member: string, members: readonly string[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_WEIGHTS_FILE',
    what: `the archive has no weights file "${member}"`,
    found: name,
    problem: `it has ${members.join(', ') || 'none'}`,
    fix: 'name one of them',
  })
}

export function damagedSafetensors(path: string, problem: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_SAFETENSORS',
    what: 'cannot read the tensors',
    found: path,
    problem,
    fix: 'restore the file from its original, or make it again',
  })
}

export function unwritableTensor(path: string, tensor: string, problem: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_SAFETENSORS',
    what: `cannot write tensor "${tensor}"`,
    found: path,
    problem,
    fix: 'mend the tensor, or write it as another type',
  })
}

export function damagedCheckpoint(name: string, problem: string): ImIadError {
  return new ImIadError({ code: 'IM_IAD_E_PYTORCH', what: 'cannot read the PyTorch file', found: name, problem, fix: AGAIN })
}

export function unsupportedCheckpoint(name: string, problem: string, fix: string): ImIadError {
  return new ImIadError({ code: 'IM_IAD_E_PYTORCH', what: 'cannot read the PyTorch file', found: name, problem, fix })
}

const SAVE_PLAIN = 'in Python: torch.save(model.state_dict(), "weights.pth"), or safetensors.torch.save_file(model.state_dict(), …)'

/** `asks` is a clause: `it asks for os.system`. */
export function refusedPickle(name: string, asks: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_PICKLE',
    what: 'refuses what the PyTorch file wants to be done',
    found: name,
    problem: `${asks}; only tensors in plain dicts, lists and tuples are rebuilt, and nothing of the file has been executed`,
    fix: `take a file that holds parameters only (${SAVE_PLAIN})`,
  })
}

export function noStateDict(name: string, keys: readonly string[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_PYTORCH',
    what: 'the PyTorch file holds no named tensors',
    found: name,
    problem: keys.length === 0 ? 'it is no dict' : `its keys are ${keys.join(', ')}`,
    fix: SAVE_PLAIN,
  })
}

export function severalStateDicts(name: string, keys: readonly string[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_PYTORCH',
    what: `the PyTorch file holds ${keys.length} sets of tensors`,
    found: name,
    problem: keys.join(', '),
    fix: 'say which (option "stateDict")',
  })
}

export function unknownTensor(name: string, tensor: string, similar: string | undefined, count: number): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_TENSOR',
    what: `the file has no tensor "${tensor}"`,
    found: name,
    problem: `none of its ${count} tensors has that name`,
    fix: similar === undefined ? 'name one that it has' : `did you mean "${similar}"?`,
  })
}

export function forbiddenName(name: string, tensor: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_TENSOR',
    what: `refuses a tensor of the name "${tensor}"`,
    found: name,
    problem: 'no network has a parameter of that name; it is made to confuse programs',
    fix: 'take weights from a source that you trust',
  })
}

export function notNumbers(name: string, tensor: string, count: number, of: number, first: number): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_TENSOR',
    what: `tensor "${tensor}" holds NaN`,
    found: name,
    problem: `${count} of its ${of} values are no numbers, the first at index ${first}`,
    fix: 'take other weights: these come from a training that failed, or are damaged',
  })
}

export function tooLarge(name: string, tensor: string, shape: readonly number[], bytes: number, cause: unknown): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_TENSOR',
    what: `no memory for tensor "${tensor}"`,
    found: name,
    problem: `its shape [${shape.join(', ')}] takes ${Math.ceil(bytes / 1e6)} MB`,
    fix: 'free memory, or use a smaller backbone',
    cause,
  })
}

/** What of a network's parameters a file does not give. */
export interface Mismatch {
  readonly missing: readonly string[]
  readonly extra: readonly string[]
  readonly wrongShape: readonly string[]
}

export function parameterMismatch(name: string, { missing, extra, wrongShape }: Mismatch, expected: number): ImIadError {
  const parts = [
    missing.length > 0 && `missing: ${missing.join(', ')}`,
    wrongShape.length > 0 && `of another shape: ${wrongShape.join(', ')}`,
    extra.length > 0 && `not of this network: ${extra.join(', ')}`,
  ]
  return new ImIadError({
    code: 'IM_IAD_E_PARAMETERS',
    what: `the weights do not fit the network: of its ${expected} parameters ${missing.length} are missing and ${wrongShape.length} have another shape; ${extra.length} more are in the file`,
    found: name,
    problem: parts.filter((part) => part !== false).join('\n           '),
    fix: 'use the weights of this very network, with the names it was published under',
  })
}
