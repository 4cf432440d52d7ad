import { ImIadError } from '@im-iad/errors'

const FIX = 'name a folder with pictures, or leave --textures out: then the algorithm makes textures of its own'

export function missingTextures(directory: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_TEXTURES',
    what: 'cannot find the folder of textures',
    found: directory,
    problem: 'no such folder',
    fix: FIX,
  })
}

export function emptyTextures(directory: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_TEXTURES',
    what: 'the folder of textures is empty',
    found: directory,
    problem: 'there is no file in it or below it',
    fix: FIX,
  })
}

export function unreadableTextures(directory: string, cause: unknown): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_TEXTURES',
    what: 'cannot read the folder of textures',
    found: directory,
    problem: cause instanceof Error ? cause.message : String(cause),
    fix: 'make it and all files in it readable, or name another folder',
    cause,
  })
}
