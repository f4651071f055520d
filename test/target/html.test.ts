import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSelector } from '../../src/config/selector.ts'
import { readAutoForm, readForms } from '../../src/target/html/forms.ts'
import { parseHtml } from '../../src/target/html/parse.ts'
import { select, shownText } from '../../src/target/html/select.ts'

const page = 'https://sp.example.test/a/b'

describe('forms of pages as they are', () => {
  it('reads the ordinary page of an IdP', () => {
    const html = `<html><body onload="document.forms[0].submit()"><form method="post" action="https&#x3a;&#x2f;&#x2f;sp.example.test&#x2f;acs">
      <input type="hidden" name="SAMLResponse" value="PHg&#x2b;&#43;&plus;w&#x3d;&equals;"/><input type=hidden name=RelayState value='a &amp; "b"'>
      <noscript><input type="submit" value="Continue"></noscript></form></body></html>`
    expect(readAutoForm(html, page)).toMatchObject({
      action: 'https://sp.example.test/acs',
      method: 'POST',
      fields: { SAMLResponse: 'PHg+++w==', RelayState: 'a & "b"' },
    })
  })

  it.each([
    [
      'upper case, no quotes',
      '<FORM METHOD=POST ACTION=/acs><INPUT TYPE=HIDDEN NAME=SAMLResponse VALUE=abc==></FORM>',
      'abc==',
    ],
    [
      'single quotes and line breaks',
      "<form\nmethod='post'\naction='/acs'\n><input\n\tname='SAMLResponse'\n\tvalue='a>b'\n></form>",
      'a>b',
    ],
    [
      'slashes and stray quotes',
      '<form method="post" action="/acs" / "><input/name="SAMLResponse"/value="x"/></form>',
      'x',
    ],
    [
      'an attribute twice',
      '<form method=post action=/acs action=/evil><input name=SAMLResponse value=1 value=2></form>',
      '1',
    ],
    ['spaces around =', '<form method = "post" action = "/acs"><input name = "SAMLResponse" value = "1"></form>', '1'],
    [
      'a comment before',
      '<!-- <form action=/evil> --><form method=post action=/acs><input name=SAMLResponse value=1></form>',
      '1',
    ],
    [
      'a form in a script',
      '<script>"<form action=/evil>"</script><form method=post action=/acs><input name=SAMLResponse value=1></form>',
      '1',
    ],
    ['a field outside', '<form id=f method=post action=/acs></form><input form=f name=SAMLResponse value=1>', '1'],
    [
      'a field of another form',
      '<form method=post action=/acs><input form=x name=SAMLResponse value=9><input name=SAMLResponse value=1></form>',
      '1',
    ],
    [
      'a form inside the form',
      '<form method=post action=/acs><form action=/evil><input name=SAMLResponse value=1></form>',
      '1',
    ],
    [
      'in a table, badly nested',
      '<table><form method=post action=/acs><tr><td></table><input name=SAMLResponse value=1></form>',
      '1',
    ],
    ['a textarea', '<form method=post action=/acs><textarea name=SAMLResponse>\na&lt;b\n</textarea></form>', 'a<b\n'],
    ['nothing closed', '<form method=post action=/acs><input name=SAMLResponse value=1', '1'],
    [
      'references without semicolon',
      '<form method=post action=/acs><input name=SAMLResponse value="a&lt b&copy=2&#65"></form>',
      'a< b&copy=2A',
    ],
  ])('%s', (_name, html, value) => {
    expect(readAutoForm(html, page)).toMatchObject({
      action: 'https://sp.example.test/acs',
      method: 'POST',
      fields: { SAMLResponse: value },
    })
  })

  it('sends what a browser sends of fields that nobody touched', () => {
    const html = `<form action="x?y=1"><input name=a><input name=b type=checkbox checked><input name=c type=checkbox>
      <input name=d type=radio value=1><input name=d type=radio value=2 checked><input name=e disabled value=1>
      <input type=submit name=f value=1><input type=file name=g><button name=h>1</button><input value=1>
      <select name=i><option>one<option selected value=2>two</select><select name=j><option>first<option>second</select></form>`
    expect(readForms(html, page)[0]).toMatchObject({
      action: 'https://sp.example.test/a/x?y=1',
      method: 'GET',
      fields: { a: '', b: 'on', d: '2', i: '2', j: 'first' },
    })
  })

  it('an empty action is the page itself; a base moves the others', () => {
    const html = '<base href="/other/"><form action=""></form><form action="x"></form>'
    expect(readForms(html, page).map(({ action }) => action)).toEqual([page, 'https://sp.example.test/other/x'])
  })

  it('tells a form that posts itself from one that waits for a person', () => {
    const form = (inside: string, around = ''): string => `${around}<form method=post action=/go>${inside}</form>`
    expect(readAutoForm(form('<input name=password>'), page)).toBeUndefined()
    expect(readAutoForm(form('', '<script>addEventListener("submit", f)</script>'), page)).toBeUndefined()
    expect(readAutoForm(form('', '<script>document.forms[0].submit()</script>'), page)?.action).toMatch(/go$/)
    expect(readAutoForm(form('', '<body onload="javascript:go.submit();">'), page)?.action).toMatch(/go$/)
    expect(readAutoForm(form('<noscript><button>Go on</button></noscript>'), page)?.action).toMatch(/go$/)
    expect(readAutoForm('no form at all', page)).toBeUndefined()
  })

  it('takes the form with a SAML message before another that submits itself', () => {
    const html =
      '<script>x.submit()</script><form method=post action=/x></form><form method=post action=/y><input name=SAMLRequest value=1></form>'
    expect(readAutoForm(html, page)?.action).toBe('https://sp.example.test/y')
  })
})

describe('any text', () => {
  it('is read without an error, and what was escaped comes back', () => {
    const escaped = (text: string): string =>
      text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('\0', '')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (value, junk) => {
        parseHtml(junk)
        const [form] = readForms(`<form><input name="v" value="${escaped(value)}"></form>`, page)
        expect(form?.fields['v']).toBe(value.replaceAll('\0', ''))
      }),
    )
  })

  it('depth and unclosed tags do not cost more than their length', () => {
    expect(parseHtml('<b>'.repeat(100_000)).length).toBe(100_000)
    expect(parseHtml(`${'<b>'.repeat(50_000)}${'</i>'.repeat(50_000)}`).length).toBe(50_000)
    expect(select(parseHtml('<b>'.repeat(20_000)), 'b i')).toBeUndefined()
  })
})

describe('selectors of a page', () => {
  const elements = parseHtml(`<header id="top"><a class="nav user">Home</a></header>
    <main id=main><p class="user  big">  Ada\n <b>Lovelace</b></p><input name=email value="ada@example.test">
    <meta name=role content=admin><span data-x='1"2'>q</span></main>`)
  it.each([
    ['#main .user', 'Ada Lovelace'],
    ['p.user.big b', 'Lovelace'],
    ['main b', 'Lovelace'],
    ['input[name=email]', 'ada@example.test'],
    ['[name="role"]', 'admin'],
    ["span[data-x='1\"2']", 'q'],
    ['#top a', 'Home'],
    ['*.nav', 'Home'],
  ])('%s', (selector, text) => {
    const found = select(elements, selector)
    expect(found && shownText(found)).toBe(text)
  })
  it.each(['#top b', 'section', '.us', '[name=rol]'])('%s is not there', (selector) => {
    expect(select(elements, selector)).toBeUndefined()
  })
  it.each(['a > b', 'a, b', 'a:hover', '', '[x', 'a[b^=c]', '.a b..c'])('%s is not understood', (selector) => {
    expect(parseSelector(selector)).toBeUndefined()
  })
})
