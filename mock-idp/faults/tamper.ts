import { strict } from '../saml/markup.ts'
import { nothingToSpoil } from './edit.ts'
import { type Fault, tamperFault } from './fault.ts'
import { text } from './params.ts'

// The document is one that our renderer wrote: double quotes, no comments, no CDATA, `>` only in attribute values and
// at the end of a tag. That is what makes editing it as text exact; parsing and writing it again would change bytes.
const attributes = '(?:[^>"]|"[^"]*")*'
const nameId = new RegExp(`(<(?:[\\w-]+:)?NameID\\b${attributes}>)([^<]*)(</)`)
const attributeElement = new RegExp(`<((?:[\\w-]+:)?Attribute)(?= )(${attributes})>(.*?)</\\1>`, 'gs')
const attributeValue = new RegExp(`(<(?:[\\w-]+:)?AttributeValue\\b${attributes}>)([^<]*)(</)`, 'g')

const tamperedNameId = tamperFault({
  id: 'tampered-name-id',
  title: 'The NameID was changed after signing',
  severity: 'critical',
  expect: 'reject',
  basis: ['XMLDSig 3.2.1', 'SAML Core 5.4'],
  requirement: 'SAML-SIG-02',
  parameters: { value: { title: 'The value to put in', type: 'string', required: true } },
  apply: (xml, _context, params) => {
    const value = strict.text(text(params, 'value'))
    const changed = xml.replace(nameId, (_all, open: string, _old: string, close: string) => open + value + close)
    if (changed === xml) throw nothingToSpoil('tampered-name-id', `a NameID other than ${value}`, [])
    return changed
  },
})

const tamperedAttribute = tamperFault({
  id: 'tampered-attribute',
  title: 'The values of an attribute were changed after signing',
  severity: 'critical',
  expect: 'reject',
  basis: ['XMLDSig 3.2.1', 'SAML Core 5.4'],
  requirement: 'SAML-SIG-02',
  parameters: {
    attribute: { title: 'Name of the attribute, as it is sent', type: 'string', required: true },
    value: { title: 'The value to put in place of each', type: 'string', required: true },
  },
  apply: (xml, _context, params) => {
    const name = strict.attribute('Name', text(params, 'attribute'))
    const value = strict.text(text(params, 'value'))
    const spoil = (content: string): string =>
      content.replace(attributeValue, (_all, open: string, _old: string, close: string) => open + value + close)
    const changed = xml.replace(attributeElement, (all: string, tag: string, own: string, content: string) =>
      `${own} `.includes(`${name} `) ? `<${tag}${own}>${spoil(content)}</${tag}>` : all,
    )
    if (changed === xml)
      throw nothingToSpoil('tampered-attribute', `an attribute${name} with values other than ${value}`, [])
    return changed
  },
})

export const tamperFaults: readonly Fault[] = [tamperedNameId, tamperedAttribute]
