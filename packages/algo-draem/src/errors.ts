import { ImIadError } from '@im-iad/core'

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
