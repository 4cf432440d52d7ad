import { nearest } from '@im-iad/errors'
import { malformedSetting, settingForNobody } from '../errors/parameter-errors.ts'
import { parseParameterValues, resolveParameters, type ParameterOwner } from '../parameters/resolve-parameters.ts'
import type { Setting } from './run-configuration.ts'

/** `patchcore.coresetRatio=0.1` as a setting; ids may hold dots, so the last dot before `=` parts owner and name. @throws ImIadError IM_IAD_E_PARAMETER */
export function parseSetting(text: string): Setting {
  const match = /^(?<owner>[^=]+)\.(?<name>[^.=]+)=(?<value>.*)$/s.exec(text)
  const { owner, name, value } = match?.groups ?? {}
  if (owner === undefined || name === undefined || value === undefined) throw malformedSetting(text)
  return { owner, name, text: value }
}

/**
 * Gives each setting the name under which its owner was selected: `padim` may mean `@im-iad/algo-padim/padim`.
 * @throws ImIadError IM_IAD_E_PARAMETER when a setting's owner is not selected, or two that are selected may be meant
 */
export function assignSettings(settings: readonly Setting[], selected: readonly string[]): readonly Setting[] {
  return settings.map((setting) => {
    const { owner, name, text } = setting
    const [match, another] = selected.includes(owner) ? [owner] : selected.filter((candidate) => candidate.endsWith(`/${owner}`))
    if (match === undefined || another !== undefined)
      throw settingForNobody(`${owner}.${name}=${text}`, owner, another ?? nearest(owner, selected), selected)
    return { ...setting, owner: match }
  })
}

/**
 * Every combination of the values that the settings give one plugin, validated, defaults filled in. A setting with several values makes several;
 * of two settings of one parameter the later wins.
 */
export function parameterVariants(
  owner: ParameterOwner,
  base: Readonly<Record<string, unknown>>,
  settings: readonly Setting[],
): readonly Readonly<Record<string, unknown>>[] {
  const values = new Map<string, readonly unknown[]>()
  for (const setting of settings)
    if (setting.owner === owner.id) values.set(setting.name, parseParameterValues(owner, setting.name, setting.text))
  let combinations: Readonly<Record<string, unknown>>[] = [{}]
  for (const [name, choices] of values)
    combinations = combinations.flatMap((combination) => choices.map((value) => ({ ...combination, [name]: value })))
  return combinations.map((combination) => resolveParameters(owner, base, combination))
}
