import { attributeNameFormatUri } from '../saml/names.ts'
import { editAssertions, editAttribute, nothingToSpoil } from './edit.ts'
import type { ClaimsFault, Expectation, FaultParameter } from './fault.ts'
import { optionalText, text, texts } from './params.ts'

const attribute: FaultParameter = { title: 'Name of the attribute, as it is sent', type: 'string', required: true }
const values: FaultParameter = { title: 'The values, one AttributeValue each', type: 'string[]', required: true }

/** What a service provider does about an attribute is for its contract to say, unless the fault says otherwise. */
const attributeFault = (
  value: Pick<ClaimsFault, 'id' | 'title' | 'basis' | 'parameters' | 'apply'> & { expect?: Expectation },
): ClaimsFault => ({ stage: 'claims', severity: 'medium', expect: 'by-policy', ...value })

export const missingAttribute = attributeFault({
  id: 'missing-attribute',
  title: 'An attribute is left out',
  basis: ['SAML Core 2.7.3'],
  parameters: { attribute },
  apply: (draft, _context, params) => editAttribute('missing-attribute', draft, text(params, 'attribute'), () => []),
})

export const emptyAttribute = attributeFault({
  id: 'empty-attribute',
  title: 'An attribute has one value, the empty text',
  basis: ['SAML Core 2.7.3.1.1'],
  parameters: { attribute },
  apply: (draft, _context, params) =>
    editAttribute('empty-attribute', draft, text(params, 'attribute'), (a) => [{ ...a, values: [''] }]),
})

export const renamedAttribute = attributeFault({
  id: 'renamed-attribute',
  title: 'An attribute is sent under another name',
  basis: ['SAML Core 2.7.3.1'],
  parameters: { attribute, to: { title: 'The name to send', type: 'string', required: true } },
  apply: (draft, _context, params) =>
    editAttribute('renamed-attribute', draft, text(params, 'attribute'), (a) => [{ ...a, name: text(params, 'to') }]),
})

export const attributeNameCase = attributeFault({
  id: 'attribute-name-case',
  title: 'The name of an attribute is in lower case',
  basis: ['SAML Core 2.7.3.1'],
  parameters: { attribute },
  apply: (draft, _context, params) =>
    editAttribute('attribute-name-case', draft, text(params, 'attribute'), (a) => {
      const lower = a.name.toLowerCase()
      if (lower === a.name) throw nothingToSpoil('attribute-name-case', 'an attribute name with a capital', [a.name])
      return [{ ...a, name: lower }]
    }),
})

export const extraAttribute = attributeFault({
  id: 'extra-attribute',
  title: 'There is an attribute more',
  expect: 'accept',
  basis: ['SAML Core 2.7.3', 'IIP-SP10'],
  parameters: { attribute, values },
  apply: (draft, _context, params) =>
    editAssertions(draft, (assertion) => ({
      ...assertion,
      attributes: [
        ...assertion.attributes,
        {
          name: text(params, 'attribute'),
          nameFormat: assertion.attributes[0]?.nameFormat ?? attributeNameFormatUri.unspecified,
          values: texts(params, 'values'),
        },
      ],
    })),
})

export const attributeValue = attributeFault({
  id: 'attribute-value',
  title: 'An attribute has other values, or is there though it has none',
  basis: ['SAML Core 2.7.3.1.1'],
  parameters: { attribute, values },
  apply: (draft, context, params) => {
    const name = text(params, 'attribute')
    const there = draft.assertions.some((assertion) => assertion.attributes.some((a) => a.name === name))
    return there
      ? editAttribute('attribute-value', draft, name, (a) => [{ ...a, values: texts(params, 'values') }])
      : extraAttribute.apply(draft, context, params)
  },
})

export const attributeValueCase = attributeFault({
  id: 'attribute-value-case',
  title: 'The values of an attribute are in upper case',
  basis: ['SAML Core 2.7.3.1.1'],
  parameters: { attribute },
  apply: (draft, _context, params) =>
    editAttribute('attribute-value-case', draft, text(params, 'attribute'), (a) => {
      const upper = a.values.map((value) => value.toUpperCase())
      if (upper.every((value, i) => value === a.values[i]))
        throw nothingToSpoil('attribute-value-case', `a value of ${a.name} with a small letter`, a.values)
      return [{ ...a, values: upper }]
    }),
})

export const severalValues = attributeFault({
  id: 'several-values',
  title: 'An attribute has further values',
  basis: ['SAML Core 2.7.3.1.1'],
  parameters: { attribute, values },
  apply: (draft, _context, params) =>
    editAttribute('several-values', draft, text(params, 'attribute'), (a) => [
      { ...a, values: [...a.values, ...texts(params, 'values')] },
    ]),
})

const formatOf = (format: string): string | undefined =>
  Object.hasOwn(attributeNameFormatUri, format)
    ? attributeNameFormatUri[format as keyof typeof attributeNameFormatUri]
    : format

export const attributeNameFormat = attributeFault({
  id: 'attribute-name-format',
  title: 'One attribute, or each, has another NameFormat',
  basis: ['SAML Core 2.7.3.1', 'SAML Core 8.2'],
  parameters: {
    attribute: { ...attribute, title: 'Name of the attribute; all of them when left out', required: false },
    format: { title: 'unspecified, basic, uri, none (left out), or a URI', type: 'string', required: true },
  },
  apply: (draft, _context, params) => {
    const nameFormat = formatOf(text(params, 'format'))
    const name = optionalText(params, 'attribute')
    if (name !== undefined) return editAttribute('attribute-name-format', draft, name, (a) => [{ ...a, nameFormat }])
    if (draft.assertions.every((assertion) => assertion.attributes.length === 0))
      throw nothingToSpoil('attribute-name-format', 'at least one attribute', [])
    return editAssertions(draft, (assertion) => ({
      ...assertion,
      attributes: assertion.attributes.map((a) => ({ ...a, nameFormat })),
    }))
  },
})

export const attributeFaults = [
  missingAttribute,
  emptyAttribute,
  renamedAttribute,
  attributeNameCase,
  extraAttribute,
  attributeValue,
  attributeValueCase,
  severalValues,
  attributeNameFormat,
] as const
