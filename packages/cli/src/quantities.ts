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

/** `1%`, `0.5 %` or `0.01` as a share within (0, 1). @throws ImIadError IM_IAD_E_QUANTITY */
export function parseShare(text: string): number {
  const [, amount = '', sign = ''] = /^(\d*\.?\d+)\s*(%?)$/.exec(text.trim()) ?? []
  const share = Number(amount) / (sign === '%' ? 100 : 1)
  if (amount === '' || !(share > 0 && share < 1)) throw unreadable(text, 'a share between 0 and 1, such as 1% or 0.01, is expected')
  return share
}

/** A positive number. @throws ImIadError IM_IAD_E_QUANTITY */
export function parsePositive(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (!(value > 0 && Number.isFinite(value))) throw unreadable(text, 'a positive number is expected')
  return value
}

function unreadable(text: string, problem: string): ImIadError {
  return new ImIadError({ code: 'IM_IAD_E_QUANTITY', what: `cannot read "${text}"`, problem, fix: 'write it like the example in --help' })
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
