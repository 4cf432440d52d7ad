import { ImIadError } from '@im-iad/errors'

export function emptyImage(name: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_IMAGE',
    what: 'the image file is empty',
    found: name,
    problem: 'it has zero bytes',
    fix: 'copy it again from its original',
  })
}

export function unreadableImage(path: string, cause: unknown): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_IMAGE',
    what: 'cannot read the image file',
    found: path,
    problem: reason(cause),
    fix: 'check that the path is right and that the file may be read',
    cause,
  })
}

export function undecodableImage(name: string, cause: unknown): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_IMAGE',
    what: 'cannot decode the image',
    found: name,
    problem: reason(cause),
    fix: 'it is damaged or of an unknown format: copy it again, or convert it to PNG (JPEG, PNG, TIFF, BMP and WebP are read)',
    cause,
  })
}

export function heicImage(name: string, cause: unknown): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_IMAGE',
    what: 'HEIC images are not read',
    found: name,
    problem: 'their codec is patented, so the decoder is not in the packages',
    fix: 'convert it to PNG first: "heif-convert in.heic out.png", "magick in.heic out.png", or "sips -s format png in.heic --out out.png" on macOS',
    cause,
  })
}

export function malformedMap(name: string, cause: unknown): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_MAP',
    what: 'cannot read the anomaly map',
    found: name,
    problem: reason(cause),
    fix: 'write it as .npy [height, width], as a one-channel float32 TIFF, or as an 8- or 16-bit grey PNG',
    cause,
  })
}

interface Size {
  readonly width: number
  readonly height: number
}

export function cropTooLarge(resize: Size, crop: Size): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_GEOMETRY',
    what: 'the crop does not fit into the resized picture',
    found: `resized to ${resize.width}x${resize.height}, cropped to ${crop.width}x${crop.height} pixels`,
    fix: 'make the crop smaller or the resize larger',
  })
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message.trim() : String(cause)
}
