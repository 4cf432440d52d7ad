import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ImIadError, isImIadError, nearest } from '../src/index.ts'

describe('ImIadError', () => {
  it('says what happened, where, why, and what to do', () => {
    const error = new ImIadError({
      code: 'IM_IAD_E_TEST',
      what: 'cannot do it',
      found: '/there',
      problem: 'it is locked',
      fix: 'unlock it',
    })
    expect(error.message).toBe('cannot do it [IM_IAD_E_TEST]\n  found:   /there\n  problem: it is locked\n  fix:     unlock it')
  })

  it('leaves out what is not known, and keeps the cause', () => {
    const cause = new Error('below')
    const error = new ImIadError({ code: 'IM_IAD_E_TEST', what: 'cannot do it', fix: 'try again', cause })
    expect(error.message).toBe('cannot do it [IM_IAD_E_TEST]\n  fix:     try again')
    expect(error.cause).toBe(cause)
  })

  it('is recognised by its brand, whichever copy of the package made it', () => {
    const foreign = Object.defineProperty(new Error('x'), Symbol.for('im-iad.error'), { value: true })
    expect([new ImIadError({ code: 'IM_IAD_E_X', what: 'a', fix: 'b' }), foreign, new Error('x'), null, 'text'].map(isImIadError)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })
})

describe('nearest', () => {
  it('finds what a mistyped name meant', () => {
    expect(nearest('patchcor', ['padim', 'patchcore', 'stpm'])).toBe('patchcore')
    expect(nearest('PADIM', ['padim'])).toBe('padim')
    expect(nearest('completely-different', ['padim', 'stpm'])).toBeUndefined()
  })

  it('always finds a name with one letter lost', () => {
    const names = fc.stringMatching(/^[a-z]{4,12}$/)
    fc.assert(fc.property(names, fc.nat(3), (name, place) => nearest(name.slice(0, place) + name.slice(place + 1), [name]) === name))
  })
})
