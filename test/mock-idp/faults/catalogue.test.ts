import { describe, expect, it } from 'vitest'
import { checkParams, faults, findFault } from '../../../mock-idp/faults/catalogue.ts'
import type { FaultParams } from '../../../mock-idp/faults/fault.ts'
import { UsageError } from '../../../src/core/errors.ts'

const thrown = (act: () => unknown): UsageError => {
  try {
    act()
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError)
    return error as UsageError
  }
  throw new Error('expected an error')
}

it('has each fault once', () => {
  const ids = faults.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(findFault(id).id).toBe(id)
})

it('suggests what was meant', () => {
  expect(thrown(() => findFault('wrong-audiance'))).toMatchObject({
    code: 'unknown-fault',
    hint: expect.stringContaining('Did you mean wrong-audience?'),
  })
  expect(thrown(() => findFault('zzz')).hint).not.toContain('Did you mean')
})

describe('parameters', () => {
  const check = (id: string, params: unknown) => () => checkParams(findFault(id), params as FaultParams)

  it('that fit are let through', () => {
    expect(check('wrong-audience', {})).not.toThrow()
    expect(check('several-values', { attribute: 'a', values: 'one' })).not.toThrow()
    expect(check('several-values', { attribute: 'a', values: ['one', ''] })).not.toThrow()
    expect(check('attribute-name-format', { format: 'basic' })).not.toThrow()
  })

  it.each([
    ['unknown-fault-parameter', 'wrong-audience', { audience: 'x' }, 'Parameters of wrong-audience: none.'],
    ['unknown-fault-parameter', 'missing-attribute', { atribute: 'x' }, 'Did you mean attribute?'],
    ['unknown-fault-parameter', 'missing-attribute', { constructor: 'x' }, 'Parameters of missing-attribute'],
    ['missing-fault-parameter', 'missing-attribute', {}, 'attribute (string)'],
    ['bad-fault-parameter', 'missing-attribute', { attribute: 1 }, 'attribute (string)'],
    ['bad-fault-parameter', 'missing-attribute', { attribute: ['a'] }, 'attribute (string)'],
    ['bad-fault-parameter', 'several-values', { attribute: 'a', values: [] }, 'values (string[])'],
    ['bad-fault-parameter', 'several-values', { attribute: 'a', values: [1] }, 'values (string[])'],
  ])('that do not are named: %s of %s', (code, id, params, hint) => {
    const error = thrown(check(id, params))
    expect(error.code).toBe(code)
    expect(error.message).toContain(id)
    expect(error.hint).toContain(hint)
  })
})
