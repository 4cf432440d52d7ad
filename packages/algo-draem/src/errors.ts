import { ImIadError } from '@im-iad/core'

export function notFitted(): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_NOT_FITTED',
    what: 'DRAEM has no weights yet',
    fix: 'call fit or load before predict and save',
  })
}

export function noTrainingImages(task: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_NO_TRAINING',
    what: `DRAEM has nothing to train on in task "${task}"`,
    fix: 'give it at least one normal image',
  })
}

export function foreignModel(file: string, problem: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_MODEL',
    what: 'the folder holds no DRAEM model of these parameters',
    found: file,
    problem,
    fix: 'load it with the parameters it was fitted with, or fit and save the model again',
  })
}

export function emptyTextureFolder(directory: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_TEXTURES',
    what: 'there is no picture in the folder of textures',
    found: directory,
    problem: 'neither it nor a folder below it has a JPEG, PNG, BMP, TIFF or WebP file',
    fix: 'name a folder with pictures, or none: then DRAEM makes textures of its own',
  })
}

const NAMED = 5

export function unreadableTextures(directory: string, files: readonly string[]): ImIadError {
  const more = files.length > NAMED ? ` and ${files.length - NAMED} more` : ''
  return new ImIadError({
    code: 'IM_IAD_E_TEXTURES',
    what: `${files.length === 1 ? 'a picture' : `${files.length} pictures`} in the folder of textures can't be read`,
    found: directory,
    problem: `damaged, or not what the name says: ${files.slice(0, NAMED).join(', ')}${more}`,
    fix: 'remove or replace them',
  })
}
