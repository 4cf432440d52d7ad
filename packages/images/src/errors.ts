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

export function undecodableImage(name: string, cause: unknown): ImIadError {
  const problem = cause instanceof Error ? cause.message : String(cause)
  return new ImIadError({
    code: 'IM_IAD_E_IMAGE',
    what: 'cannot decode the image',
    found: name,
    problem,
    fix: 'it is damaged or of an unknown format: copy it again, or convert it to PNG (JPEG, PNG, TIFF, BMP and WebP are read)',
    cause,
  })
}

export function heicImage(name: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_IMAGE',
    what: 'HEIC images are not read',
    found: name,
    problem: 'their codec is patented, so the decoder is not in the packages',
    fix: 'convert it to PNG first: "heif-convert in.heic out.png", "magick in.heic out.png", or "sips -s format png in.heic --out out.png" on macOS',
  })
}

export function malformedMap(name: string, problem: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_MAP',
    what: 'cannot read the anomaly map',
    found: name,
    problem,
    fix: 'write it as .npy [height, width], as a one-channel float32 TIFF, or as an 8- or 16-bit grey PNG',
  })
}
