import type { NetworkLevel } from '../networks/feature-network.ts'
import { unknownStride } from './backbone-errors.ts'
import type { BackboneDefinition } from './backbone-definition.ts'

/** The levels of these strides, in that order. @throws ImIadError IM_IAD_E_LEVEL for a stride that no level has */
export function wantedLevels({ architecture, levels }: BackboneDefinition, strides: readonly number[]): readonly NetworkLevel[] {
  return strides.map((stride) => {
    const found = levels.find((level) => level.stride === stride)
    if (found === undefined)
      throw unknownStride(
        architecture.id,
        stride,
        levels.map((level) => level.stride),
      )
    return found
  })
}

/** The one that comes last in the network. */
export function deepestLevel([first, ...rest]: readonly NetworkLevel[]): NetworkLevel {
  if (first === undefined) throw new RangeError('at least one feature level is needed')
  return rest.reduce((deepest, level) => (level.stride > deepest.stride ? level : deepest), first)
}
