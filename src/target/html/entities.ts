/** Character references of HTML, as far as encoders of forms and pages write them (HTML 13.5, in part). */

const punctuation =
  'Tab 9 NewLine 10 excl 33 quot 34 num 35 dollar 36 percnt 37 amp 38 apos 39 lpar 40 rpar 41 ast 42 plus 43 comma 44 period 46 sol 47 colon 58 semi 59 lt 60 equals 61 gt 62 quest 63 commat 64 lsqb 91 lbrack 91 bsol 92 rsqb 93 rbrack 93 Hat 94 lowbar 95 grave 96 lcub 123 lbrace 123 verbar 124 vert 124 rcub 125 rbrace 125 ensp 8194 emsp 8195 ndash 8211 mdash 8212 lsquo 8216 rsquo 8217 ldquo 8220 rdquo 8221 bull 8226 hellip 8230 euro 8364 trade 8482 rarr 8594 larr 8592'

/** U+00A0 to U+00FF, in order. */
const latin =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'

const words = punctuation.split(' ')
const named = new Map<string, string>([
  ...words.flatMap((name, i): [string, string][] =>
    i % 2 === 0 ? [[name, String.fromCodePoint(Number(words[i + 1]))]] : [],
  ),
  ...latin.split(' ').map((name, i): [string, string] => [name, String.fromCodePoint(0xa0 + i)]),
  ['AMP', '&'],
  ['LT', '<'],
  ['GT', '>'],
  ['QUOT', '"'],
])

/** These work without a semicolon too; in an attribute only where no letter, digit or `=` follows (`?a=1&copy=2`). */
const withoutSemicolon = new Set(['amp', 'lt', 'gt', 'quot', 'AMP', 'LT', 'GT', 'QUOT', ...latin.split(' ')])

/** What browsers make of the C1 controls: they were meant as windows-1252. */
const windows1252 = new TextDecoder('windows-1252')

const fromNumber = (code: number): string => {
  if (code === 0 || code > 0x10_ffff || (code >= 0xd800 && code <= 0xdfff)) return '\u{fffd}'
  return code >= 0x80 && code <= 0x9f ? windows1252.decode(new Uint8Array([code])) : String.fromCodePoint(code)
}

const reference = /&(?:#[xX]([0-9a-fA-F]{1,8});?|#(\d{1,8});?|([A-Za-z][A-Za-z0-9]{1,31})(;?))/g

/** Text with its character references replaced; what is none stays as it is. */
export const decodeEntities = (text: string, inAttribute = false): string =>
  text.includes('&')
    ? text.replace(reference, (whole, hex?: string, decimal?: string, name = '', semicolon = '', ...rest) => {
        if (hex !== undefined) return fromNumber(Number.parseInt(hex, 16))
        if (decimal !== undefined) return fromNumber(Number.parseInt(decimal, 10))
        if (semicolon === ';') return named.get(name) ?? whole
        const after = text[Number(rest[0]) + whole.length] ?? ''
        if (!withoutSemicolon.has(name) || (inAttribute && /[=A-Za-z0-9]/.test(after))) return whole
        return named.get(name) ?? whole
      })
    : text
