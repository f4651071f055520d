import { describe, expect, it } from 'vitest'
import { renderTemplate } from '../../src/contracts/template.ts'

describe('renderTemplate', () => {
  it('fills in texts, also of inner objects', () => {
    expect(renderTemplate('{{a}} and {{b.c}}', { a: 'one', b: { c: 'two' } })).toBe('one and two')
  })

  it('repeats a section for each element, and goes into objects', () => {
    const template = '{{#roles}}\n- {{name}} of {{title}}\n{{/roles}}\n'
    expect(renderTemplate(template, { title: 'X', roles: [{ name: 'a' }, { name: 'b' }] })).toBe('- a of X\n- b of X\n')
    expect(renderTemplate('{{#rule}}\n{{id}}\n{{/rule}}\n', { rule: { id: 'R-1' } })).toBe('R-1\n')
  })

  it('leaves a section out when there is nothing of the name', () => {
    expect(renderTemplate('a\n{{#none}}\nb\n{{/none}}\nc', {})).toBe('a\nc')
  })

  it('gives an element that is a text as {{.}}, and aligns tables', () => {
    const template = '  | role |\n{{#roles}}\n| {{.}} |\n{{/roles}}\n'
    expect(renderTemplate(template, { roles: ['admin', 'x'] })).toBe('  | role  |\n  | admin |\n  | x     |\n')
  })

  it('refuses a text without a value, and a section without an end', () => {
    expect(() => renderTemplate('{{nothing}}', {})).toThrow('{{nothing}}')
    expect(() => renderTemplate('{{#a}}\nx', { a: { b: 'c' } })).toThrow('{{#a}}')
  })
})
