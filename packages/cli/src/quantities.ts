import { ImIadError } from '@im-iad/core'

const SECONDS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600 }
const BYTES: Readonly<Record<string, number>> = { '': 1, kb: 1e3, mb: 1e6, gb: 1e9, kib: 1024, mib: 1024 ** 2, gib: 1024 ** 3 }

/** `90`, `90s`, `30m` or `2h` in seconds. @throws ImIadError IM_IAD_E_QUANTITY */
export function parseSeconds(text: string): number {
  return parseQuantity(text, SECONDS, 'a time such as 90s, 30m or 2h')
}

/** `800MB`, `4GB` or `4GiB` in bytes. @throws ImIadError IM_IAD_E_QUANTITY */
export function parseBytes(text: string): number {
  return parseQuantity(text, BYTES, 'a size such as 800MB or 4GB')
}

function parseQuantity(text: string, units: Readonly<Record<string, number>>, expected: string): number {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? []
  const factor = units[unit.toLowerCase()]
  const value = Number(amount) * (factor ?? Number.NaN)
  if (amount === '' || !(value > 0))
    throw new ImIadError({
      code: 'IM_IAD_E_QUANTITY',
      what: `cannot read "${text}"`,
      problem: `${expected} is expected`,
      fix: 'write it with a unit',
    })
  return value
}
