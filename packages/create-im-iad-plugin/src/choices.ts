import { nearest } from '@im-iad/errors'
import { unknownKind, unknownLicense } from './errors/scaffold-errors.ts'
import { LICENSES, type License } from './license.ts'
import { PLUGIN_TEMPLATES, type TemplateKind } from './plugin-template.ts'

/** @throws ImIadError IM_IAD_E_PLUGIN_KIND, with the nearest known one */
export function parseKind(given: string): TemplateKind {
  const known = PLUGIN_TEMPLATES.map(({ kind }) => kind)
  const found = known.find((kind) => kind === given)
  if (found === undefined) throw unknownKind(given, nearest(given, known))
  return found
}

/** @throws ImIadError IM_IAD_E_LICENSE, with the nearest known one */
export function parseLicense(given: string): License {
  const known = LICENSES.map(({ id }) => id)
  const found = known.find((id) => id.toLowerCase() === given.toLowerCase())
  if (found === undefined) throw unknownLicense(given, nearest(given, known))
  return found
}
