import { TILES } from './tiles.ts'

const tileOfCapture: ReadonlyMap<string, string> = new Map(
  TILES.flatMap((tile) => {
    const captures = tile.split(' ')
    return captures.map((capture): [string, string] => [capture, `tile-${captures[0]}`])
  }),
)

/**
 * The physical tile that a picture shows, named after its first capture: `tile-461`.
 * @param name - the publisher's name without its extension: `exp1_num_108719`
 * @returns `undefined` for a picture that is not in the publisher's copy
 */
export function tileOfPicture(name: string): string | undefined {
  const capture = /^exp\d_num_(\d+)$/.exec(name)?.[1]
  return capture === undefined ? undefined : tileOfCapture.get(capture)
}
