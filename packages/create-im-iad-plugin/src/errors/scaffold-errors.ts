import { ImIadError } from '@im-iad/errors'
import { LICENSES } from '../license.ts'
import { PLUGIN_TEMPLATES } from '../plugin-template.ts'

const KINDS = PLUGIN_TEMPLATES.map(({ kind }) => kind).join(', ')

export function unknownKind(given: string, similar: string | undefined): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_PLUGIN_KIND',
    what: `there is no template for the kind "${given}"`,
    problem: `known are ${KINDS}`,
    fix: similar === undefined ? `--kind KIND, with KIND of ${KINDS}` : `did you mean --kind ${similar}?`,
  })
}

export function unknownLicense(given: string, similar: string | undefined): ImIadError {
  const known = LICENSES.map(({ id }) => id).join(', ')
  return new ImIadError({
    code: 'IM_IAD_E_LICENSE',
    what: `"${given}" is not among the licences offered`,
    problem: `offered are ${known}`,
    fix:
      similar === undefined
        ? 'take one of them, and change it in package.json and LICENSE afterwards'
        : `did you mean --license ${similar}?`,
  })
}

export function badPackageName(name: string, reasons: readonly string[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_PACKAGE_NAME',
    what: `"${name}" can't be the name of an npm package`,
    problem: reasons.join('; '),
    fix: 'take a name of lower case letters, digits and "-", with a scope or without: --name im-iad-algo-glow, --name @acme/im-iad-algo-glow',
  })
}

export function folderInUse(directory: string, entries: readonly string[]): ImIadError {
  const shown = entries.slice(0, 5).join(', ')
  return new ImIadError({
    code: 'IM_IAD_E_FOLDER_IN_USE',
    what: 'the folder is not empty; nothing was written',
    found: directory,
    problem: `it holds ${shown}${entries.length > 5 ? ` and ${entries.length - 5} more` : ''}`,
    fix: 'name a folder that is empty or not there yet: --directory DIR',
  })
}

export function notAFolder(directory: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_FOLDER_IN_USE',
    what: 'there is a file where the package should go; nothing was written',
    found: directory,
    fix: 'name a folder that is empty or not there yet: --directory DIR',
  })
}

export function nobodyToAsk(missing: readonly string[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_NO_TERMINAL',
    what: 'there is no terminal to ask on',
    problem: `not given: ${missing.join(', ')}`,
    fix: 'npm create im-iad-plugin -- --kind algorithm --name im-iad-algo-glow, or --yes for defaults',
  })
}
