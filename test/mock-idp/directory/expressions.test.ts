import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ProfileValue } from '../../../mock-idp/admin/profile-shapes.ts'
import { type ExpressionContext, evaluate, valuesOf } from '../../../mock-idp/directory/expressions/evaluate.ts'
import { functions } from '../../../mock-idp/directory/expressions/functions.ts'
import { expressionLimits, parseExpression } from '../../../mock-idp/directory/expressions/parse.ts'
import { IdpactError } from '../../../src/core/errors.ts'

const context = {
  user: {
    login: 'ada@example.test',
    firstName: 'Ada',
    lastName: 'Lovelace',
    empty: '',
    level: 3,
    admin: true,
    roles: ['dev', 'ops', '7'],
    none: [],
  },
  appUser: { userName: 'ada', role: 'billing' },
  group: { name: 'Dev' },
  groupNames: ['Dev', 'Ops'],
} satisfies ExpressionContext

const value = (text: string, from: ExpressionContext = context) => evaluate(parseExpression(text), from)

describe('an expression', () => {
  it.each<[string, ProfileValue | undefined]>([
    // Attributes: of the three profiles, their own only.
    ['user.login', 'ada@example.test'],
    [' \tuser.login\n', 'ada@example.test'],
    ['appuser.role', 'billing'],
    ['group.name', 'Dev'],
    ['user.roles', ['dev', 'ops', '7']],
    ['user.nickName', undefined],
    ['user.toString', undefined],
    ['user.__proto__', undefined],
    // Literals.
    ['"a \\"b\\" \\\\ \'c\'"', 'a "b" \\ \'c\''],
    ["'a ''b'' \"c\"'", 'a \'b\' "c"'],
    ['"a ""b"""', 'a "b"'],
    ['""', ''],
    ['42', 42],
    ['-3.50', -3.5],
    ['True', true],
    ['FALSE', false],
    ['NULL', undefined],
    // Sums: numbers are added, text is joined, null adds nothing.
    ['user.firstName + " " + user.lastName', 'Ada Lovelace'],
    ['user.firstName + user.nickName + "."', 'Ada.'],
    ['null + null', undefined],
    ['1 + 2 + "a" + 1 + 2', '3a12'],
    ['1 + (2 + "a")', '12a'],
    ['user.level + null + 1', 4],
    ['"on: " + user.admin', 'on: true'],
    // Comparison is exact, in type and case.
    ['user.firstName == "Ada"', true],
    ['user.firstName == "ada"', false],
    ['user.level == 3', true],
    ['user.level == "3"', false],
    ['user.nickName == null', true],
    ['user.empty == null', false],
    ['user.none != null', true],
    ['user.roles == Arrays.flatten("dev", "ops", 7)', true],
    ['user.roles == Arrays.flatten("dev", "ops")', false],
    // Logic: null is false.
    ['!user.admin', false],
    ['!user.nickName', true],
    ['!!user.admin', true],
    ['user.admin && user.nickName', false],
    ['user.nickName || user.admin', true],
    ['true OR true AND false', true],
    ['(true or true) and false', false],
    ['true || false == true', true],
    ['"a" + "b" == "ab"', true],
    ['!user.admin == false', true],
    // What decides is enough: the rest is not looked at.
    ['user.admin || user.firstName', true],
    ['user.nickName && user.firstName', false],
    ['user.admin ? "x" : !"y"', 'x'],
    // Conditions.
    ['user.level == 1 ? "one" : user.level == 3 ? "three" : "more"', 'three'],
    ['user.level == 1 ? "one" : user.level == 2 ? "two" : "more"', 'more'],
    ['user.admin ? user.level == 3 ? "both" : "admin" : "none"', 'both'],
    ['user.nickName ? "a" : null', undefined],
    ['(user.admin ? 1 : 2) + 1', 2],
    ['user.admin ? 1 : 2 + 1', 1],
    // Functions.
    ['String.join(",", "This", "is", 1, true)', 'This,is,1,true'],
    ['String.join("", user.firstName, user.nickName, user.lastName)', 'AdaLovelace'],
    ['String.join(" ", user.nickName, user.middleName)', undefined],
    ['String.join(";", "x", user.roles)', 'x;dev;ops;7'],
    ['String.join(null, "a", "b")', 'ab'],
    ['String.join(",", "", "a")', ',a'],
    ['String.toLowerCase(user.firstName)', 'ada'],
    ['String.toUpperCase(user.nickName)', undefined],
    ['String.toUpperCase("straße")', 'STRASSE'],
    ['String.substringBefore(user.login, "@")', 'ada'],
    ['String.substringBefore(user.login, "#")', 'ada@example.test'],
    ['String.substringBefore(user.login, null)', 'ada@example.test'],
    ['String.substringBefore(user.nickName, "@")', undefined],
    ['String.substringAfter("a@b@c", "@")', 'b@c'],
    ['String.substringAfter(user.login, "#")', ''],
    ['String.substringAfter(user.login, "")', 'ada@example.test'],
    ['String.replace("This is a test", "is", "at")', 'That at a test'],
    ['String.replace("a.b", ".", "$&")', 'a$&b'],
    ['String.replace("a.b", "", "x")', 'a.b'],
    ['String.replace("a.b", ".", null)', 'a.b'],
    ['String.replace("a.b", ".", "")', 'ab'],
    ['Arrays.contains(user.roles, "ops")', true],
    ['Arrays.contains(user.roles, "op")', false],
    ['Arrays.contains(user.roles, 7)', true],
    ['Arrays.contains(user.roles, null)', false],
    ['Arrays.contains(user.missing, "ops")', false],
    ['Arrays.flatten(10, user.roles, null, "x")', ['10', 'dev', 'ops', '7', 'x']],
    ['Arrays.flatten(null)', []],
    ['isMemberOfGroupName("Dev")', true],
    ['isMemberOfGroupName("dev")', false],
    ['isMemberOfGroupName(group.name) ? String.toLowerCase(group.name) : null', 'dev'],
    ['isMemberOfGroupName(user.nickName)', false],
  ])('%s is %j', (text, expected) => {
    expect(value(text)).toEqual(expected)
  })

  it('is read once for many users, and forgotten after 2,000 others', () => {
    const first = parseExpression('"remembered"')
    expect(parseExpression('"remembered"')).toBe(first)
    for (let i = 0; i < 2_000; i++) parseExpression(`"other ${i}"`)
    expect(parseExpression('"remembered"')).not.toBe(first)
    expect(parseExpression('"remembered"')).toEqual(first)
  })

  it('can be looked up: the documentation has every function', () => {
    const page = readFileSync(new URL('../../../docs/expressions.md', import.meta.url), 'utf8')
    for (const { name } of functions) expect(page).toContain(`${name}(`)
  })

  it('without a group reads nothing of it', () => {
    expect(value('group.name', { user: {}, appUser: {}, groupNames: [] })).toBeUndefined()
  })

  it('gives the values of a SAML attribute: of a list each, of nothing and of empty text none', () => {
    const all = (text: string) => valuesOf(parseExpression(text), context)
    expect(all('Arrays.flatten(user.roles, "")')).toEqual(['dev', 'ops', '7'])
    expect(all('user.level + 1')).toEqual(['4'])
    expect(all('user.level == 1')).toEqual(['false'])
    expect([all('user.nickName'), all('user.empty'), all('user.none')]).toEqual([[], [], []])
  })
})

describe('an expression that is not understood', () => {
  it.each<[string, string, RegExp]>([
    [
      '',
      'expected a value at position 1, found the end',
      /^Understood are user\.<attribute>, .*isMemberOfGroupName\.$/,
    ],
    ['email', 'expected a value at position 1, found email', /Did you mean user\.email, or the text "email" in quotes/],
    ['usr.email', 'expected a value at position 1, found usr.email', /Did you mean user\.email\?/],
    ['appUser.role', 'expected a value at position 1, found appUser.role', /Did you mean appuser\.role\?/],
    ['source.email', 'expected a value at position 1, found source.email', /Write user for the Okta user/],
    ['zendesk.email', 'expected a value at position 1, found zendesk.email', /^Understood are/],
    ['user', 'expected a value at position 1, found user', /such as user\.email/],
    ['1 + user.a.b', 'expected a value at position 5, found user.a.b', /no parts\. Did you mean user\.a\?/],
    ['user .a', 'at position 6, found "."', /without spaces around the dot/],
    ['"open', 'expected the closing " at position 6, found the end', /A " inside a text is doubled/],
    ["'it's'", "expected the closing ' at position 7, found the end", /A ' inside a text is doubled/],
    ['"a\\n"', 'expected \\\\, \\" or \\\' at position 3, found a backslash and "n"', /one backslash as two/],
    ['"a\\', 'at position 3, found a backslash and the end', /one backslash as two/],
    ['"a" "b"', 'expected an operator or the end at position 5, found "b"', /joined by \+/],
    ['user.a = 1', 'expected a name, a literal or an operator at position 8, found "="', /compared by ==/],
    ['user.a > 1', 'at position 8, found ">"', /only == and !=/],
    ['2 - 1', 'at position 3, found "-"', /only \+/],
    ['2 -1', 'expected an operator or the end at position 3, found -1', /only \+/],
    ['user.a & user.b', 'at position 8, found "&"', /&& or AND/],
    ['{1, 2}', 'at position 1, found "{"', /Arrays\.flatten/],
    ['user.a[0]', 'at position 7, found "["', /Arrays\.contains/],
    ['$user.a', 'at position 1, found "$"', /with no \$/],
    ['“a”', 'at position 1, found "“"', /straight ones/],
    ['😀', 'at position 1, found "😀"', /^Understood/],
    ['NOT user.a', 'found NOT', /Not is written !/],
    ['true AND not(user.a)', 'expected the name of a function at position 10, found not', /Not is written !/],
    ['a == b == c', 'found a', /Did you mean user\.a/],
    ['1 == 1 == 1', 'expected an operator or the end at position 8, found ==', /^Understood/],
    ['(1', 'expected an operator or ) at position 3, found the end', /^Understood/],
    ['1)', 'expected an operator or the end at position 2, found )', /^Understood/],
    ['true ? 1', 'expected : and the value for "else" at position 9, found the end', /^Understood/],
    ['true ? : 1', 'expected a value at position 8, found :', /^Understood/],
    ['+ 1', 'expected a value at position 1, found +', /^Understood/],
    ['"a" +', 'expected a value at position 6, found the end', /^Understood/],
    ['String.len(user.a)', 'expected the name of a function at position 1, found String.len', /^Understood/],
    ['toLowerCase(user.a)', 'found toLowerCase', /Did you mean String\.toLowerCase\?/],
    ['String.joim(",", "a")', 'found String.joim', /Did you mean String\.join\?/],
    ['Time.now()', 'found Time.now', /^Understood/],
    ['String.join', 'expected a value at position 1, found String.join', /call it, as String\.join\(separator/],
    ['String.join(",")', 'expected String.join(separator, text or list, …) at position 1', /It was given 1 of them/],
    ['String.toLowerCase()', 'expected String.toLowerCase(text) at position 1', /It was given 0 of them/],
    ['String.toLowerCase("a", "b")', 'expected String.toLowerCase(text) at position 1', /It was given 2 of them/],
    ['String.toLowerCase("a" "b")', 'expected an operator, a comma or ) at position 24', /joined by \+/],
    ['constructor', 'found constructor', /Did you mean user\.constructor/],
  ])('%s says what is wrong and where', (text, message, hint) => {
    expect(() => parseExpression(text)).toThrow(
      expect.objectContaining({
        code: 'bad-expression',
        message: expect.stringContaining(message),
        hint: expect.stringMatching(hint),
      }),
    )
  })

  it.each([
    ['a number out of range', '9'.repeat(400), 'expected a number below 1e308 at position 1, found a larger one'],
    ['65 brackets', `${'('.repeat(65)}1`, 'expected brackets, calls and ! at most 64 deep at position 66, found 1'],
    ['9,999 !', `${'!'.repeat(9_999)}1`, 'expected brackets, calls and ! at most 64 deep at position 66, found !'],
    ['70 conditions inside of each other', 'true ? '.repeat(70), 'expected brackets, calls and ! at most 64 deep'],
    ['70 calls', 'Arrays.flatten('.repeat(70), 'expected brackets, calls and ! at most 64 deep'],
    [
      '10,002 characters',
      `"${'a'.repeat(10_000)}"`,
      'expected the end (of at most 10000 characters) at position 10001',
    ],
  ])('may be one of %s', (_what, text, message) => {
    expect(() => parseExpression(text)).toThrow(
      expect.objectContaining({ code: 'bad-expression', message: expect.stringContaining(message) }),
    )
  })

  it.each(['user.a.b', 'a', 'a(1)', '"a" b', "'a"])('%s is told at a reasonable length, however long it is', (text) => {
    expect(() => parseExpression(text.replace('a', 'a'.repeat(9_000)))).toThrow(
      expect.objectContaining({
        code: 'bad-expression',
        message: expect.stringMatching(/^.{50,500}$/),
        hint: expect.stringMatching(/^.{50,700}$/),
      }),
    )
  })
})

describe('the limits', () => {
  it('are of brackets, not of how long a chain is', () => {
    const nested = `${'('.repeat(expressionLimits.depth)}"x"${')'.repeat(expressionLimits.depth)}`
    expect(value(nested)).toBe('x')
    expect(value(Array.from({ length: 2_400 }, () => '1').join(' + '))).toBe(2_400)
    const cases = Array.from({ length: 300 }, (_, i) => `user.level == ${i + 10} ? ${i} : `).join('')
    expect(value(`${cases}"last"`)).toBe('last')
  })

  it.each([
    [
      'String.replace',
      `String.replace(${'String.replace('.repeat(20)}"aaaaaaaaaa", ${'"a", "aaaaaaaaaa"), '.repeat(20)}"a", "aaaaaaaaaa")`,
    ],
    ['String.join', 'String.join(user.long, user.many)'],
    ['+', 'user.long + "x" + user.long'],
  ])('keep %s from growing without end', (_what, text) => {
    const big = { user: { long: 'x'.repeat(10_000), many: Array(10_000).fill('y') }, appUser: {}, groupNames: [] }
    expect(() => value(text, big)).toThrow(expect.objectContaining({ code: 'expression-too-large' }))
  })

  it('keep lists and numbers in bounds', () => {
    const many = { user: { many: Array(10_000).fill('y'), huge: 1.7e308 }, appUser: {}, groupNames: [] }
    expect(value('Arrays.flatten(user.many)', many)).toHaveLength(10_000)
    for (const text of ['Arrays.flatten(user.many, "x")', 'user.huge + user.huge'])
      expect(() => value(text, many)).toThrow(expect.objectContaining({ code: 'expression-too-large' }))
  })
})

describe('an operation that has no meaning', () => {
  it.each([
    ['user.firstName ? 1 : 2', '? takes true or false, and was given text'],
    ['!user.level', '! takes true or false, and was given a number'],
    ['user.roles && true', '&& takes true or false, and was given a list'],
    ['user.roles + "x"', '+ takes texts or numbers, and was given a list'],
    ['user.level + user.admin', '+ takes texts or numbers, and was given a boolean'],
    ['user.admin + user.admin', '+ takes texts or numbers, and was given a boolean'],
    ['String.toLowerCase(user.roles)', 'String.toLowerCase takes text, and was given a list'],
    ['Arrays.contains(user.firstName, "A")', 'Arrays.contains takes a list, and was given text'],
  ])('%s is refused when it is evaluated', (text, message) => {
    expect(() => value(text)).toThrow(
      expect.objectContaining({
        code: 'expression-types',
        message: `The expression ${JSON.stringify(text)} has no value: ${message}`,
      }),
    )
  })
})

const anyValue: fc.Arbitrary<ProfileValue> = fc.oneof(
  fc.string(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.array(fc.string()),
)

/** Pieces of the language in any order: most make no sense, some do. */
const soup = fc
  .array(
    fc.constantFrom(
      ...['user.a', 'appuser.b', '"x"', "'y'", '1', '-2', 'true', 'null', '+', '==', '!=', '&&', 'OR', '!', '?', ':'],
      ...['(', ')', ',', 'String.join(', 'String.replace(', 'Arrays.flatten(', 'isMemberOfGroupName(', ' ', '\\', '"'],
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join(' '))

describe('whatever is written', () => {
  it('is read, or refused by bad-expression; and has a value, or is refused by its types', () => {
    fc.assert(
      fc.property(fc.oneof(soup, fc.string({ unit: 'binary' })), anyValue, anyValue, (text, a, b) => {
        let code: string | undefined
        try {
          value(text, { user: { a }, appUser: { b }, groupNames: [] })
        } catch (error) {
          code = error instanceof IdpactError ? error.code : String(error)
        }
        expect([undefined, 'bad-expression', 'expression-types', 'expression-too-large']).toContain(code)
      }),
      { numRuns: 2_000 },
    )
  })

  it('any text can be written as a literal, in either quotes and with either way to write a quote', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('"', "'"), fc.boolean(), (text, quote, doubled) => {
        const inside = text.replaceAll('\\', '\\\\').replaceAll(quote, doubled ? quote + quote : `\\${quote}`)
        expect(value(quote + inside + quote)).toBe(text)
      }),
    )
  })

  it('has the value that JavaScript gives to the same expression', () => {
    const { truth } = fc.letrec<{ truth: string; text: string }>((tie) => ({
      text: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('"a"', '"b"', '"ab"', '""'),
        fc.tuple(tie('text'), tie('text')).map(([a, b]) => `(${a}) + (${b})`),
        fc.tuple(tie('truth'), tie('text'), tie('text')).map(([c, a, b]) => `${c} ? ${a} : ${b}`),
      ),
      truth: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('true', 'false'),
        fc.tuple(fc.constantFrom('&&', '||'), tie('truth'), tie('truth')).map(([sign, a, b]) => `${a} ${sign} ${b}`),
        fc.tuple(fc.constantFrom('==', '!='), tie('text'), tie('text')).map(([sign, a, b]) => `(${a}) ${sign} (${b})`),
        tie('truth').map((a) => `!(${a})`),
        fc.tuple(tie('truth'), tie('truth'), tie('truth')).map(([c, a, b]) => `(${c} ? ${a} : ${b})`),
      ),
    }))
    fc.assert(
      fc.property(truth, (text) => {
        expect(value(text)).toBe(new Function(`return ${text}`)())
      }),
      { numRuns: 500 },
    )
  })
})
