/** Every layout of signature wrapping, over its dimensions: XSW-1 to XSW-12. */
import { type Fault, tamperFault } from '../fault.ts'
import { identityOf, identityParameter } from '../forge.ts'
import { type Dimensions, type LayoutName, layouts, materialOf } from './layouts.ts'

interface Family {
  layout: LayoutName
  /** What stands where, as a sentence about the message. */
  title: string
  requirement: string
  basis: readonly string[]
  signed: 'assertion' | 'response' | 'both'
  /** Values of the dimensions that make a difference in this layout; the others are as in `fixed`. */
  over: { [D in keyof Dimensions]?: readonly Dimensions[D][] }
  fixed?: Partial<Dimensions>
}

const ids = ['new', 'same', 'none'] as const
const signatures = ['none', 'copied'] as const
const namespaces = ['proper', 'none'] as const
const orders = ['forged-first', 'genuine-first'] as const

const usual: Dimensions = { id: 'new', signature: 'none', namespace: 'proper', order: 'forged-first' }

const somorovsky = ['Somorovsky 2012', 'SAML Core 5.4.2']

const families: readonly Family[] = [
  {
    layout: 'xsw-1',
    title: 'A forged Response holds the signed one inside its Signature',
    requirement: 'SAML-XSW-01',
    basis: somorovsky,
    signed: 'response',
    over: { id: ids },
  },
  {
    layout: 'xsw-1',
    title: 'A forged Response holds the signed one inside its Signature, and its Assertion copies the Signature',
    requirement: 'SAML-XSW-01',
    basis: somorovsky,
    signed: 'both',
    over: { id: ids, signature: ['copied'] },
  },
  {
    layout: 'xsw-2',
    title: 'A forged Response holds the signed one just before a Signature that is detached',
    requirement: 'SAML-XSW-01',
    basis: somorovsky,
    signed: 'response',
    over: { id: ids },
  },
  {
    layout: 'xsw-2',
    title: 'A forged Response holds the signed one before its Signature, and its Assertion copies the Signature',
    requirement: 'SAML-XSW-01',
    basis: somorovsky,
    signed: 'both',
    over: { id: ids, signature: ['copied'] },
  },
  {
    layout: 'xsw-3',
    title: 'A forged Assertion stands before the signed one',
    requirement: 'SAML-XSW-01',
    basis: somorovsky,
    signed: 'assertion',
    over: { id: ['new', 'none'] },
  },
  {
    layout: 'xsw-4',
    title: 'A forged Assertion holds the signed one',
    requirement: 'SAML-XSW-01',
    basis: somorovsky,
    signed: 'assertion',
    over: { id: ids, signature: signatures, order: orders },
  },
  {
    layout: 'xsw-5',
    title: 'A forged Assertion has the genuine Signature, and the Assertion that was signed stands beside it',
    requirement: 'SAML-XSW-01',
    basis: somorovsky,
    signed: 'assertion',
    over: { id: ids, order: orders },
  },
  {
    layout: 'xsw-6',
    title: 'A forged Assertion has the genuine Signature, which holds the Assertion that was signed',
    requirement: 'SAML-XSW-01',
    basis: somorovsky,
    signed: 'assertion',
    over: { id: ids },
  },
  {
    layout: 'xsw-7',
    title: 'A forged Assertion stands in the Extensions, before the signed one',
    requirement: 'SAML-XSW-01',
    basis: somorovsky,
    signed: 'assertion',
    over: { id: ids, signature: signatures, namespace: namespaces },
    fixed: { id: 'same' },
  },
  {
    layout: 'xsw-8',
    title: 'A forged Assertion has the genuine Signature, whose Object holds the Assertion that was signed',
    requirement: 'SAML-XSW-01',
    basis: somorovsky,
    signed: 'assertion',
    over: { id: ids, namespace: namespaces },
    fixed: { id: 'same' },
  },
  {
    layout: 'xsw-3',
    title: 'An unsigned forged Assertion stands after the signed one',
    requirement: 'SAML-XSW-09',
    basis: ['SAML Profiles 4.1.4.5', 'CVE-2021-28091', 'CVE-2022-41912'],
    signed: 'assertion',
    over: { id: ['new', 'none'], order: ['genuine-first'] },
  },
  {
    layout: 'xsw-3',
    title: 'A forged Assertion has the ID of the signed one beside it',
    requirement: 'SAML-ID-01',
    basis: ['SAML Core 1.3.4', 'xml:id 4'],
    signed: 'assertion',
    over: { id: ['same'], order: orders },
  },
  {
    layout: 'xsw-3',
    title: 'A forged Assertion with a copy of the genuine Signature stands beside the signed one',
    requirement: 'SAML-XSW-10',
    basis: ['SAML Core 5.4.2'],
    signed: 'assertion',
    over: { id: ids, signature: ['copied'], order: orders },
  },
  ...(
    [
      [
        'hidden-in-extensions',
        'The signed Assertion is hidden in the Extensions, and a forged one stands in its place',
      ],
      [
        'hidden-in-status-detail',
        'The signed Assertion is hidden in a StatusDetail, and a forged one stands in its place',
      ],
      ['forged-in-status-detail', 'A forged Assertion stands in a StatusDetail, before the signed one'],
      ['hidden-in-advice', 'The signed Assertion is hidden in the Advice of a forged one'],
      ['hidden-in-confirmation-data', 'The signed Assertion is hidden in the SubjectConfirmationData of a forged one'],
      ['hidden-in-attribute-value', 'The signed Assertion is hidden in an AttributeValue of a forged one'],
    ] as const
  ).map(
    ([layout, title]): Family => ({
      layout,
      title,
      requirement: 'SAML-XSW-11',
      basis: ['SAML Core 5.4.2', 'CVE-2025-47949'],
      signed: 'assertion',
      over: { id: ids, signature: signatures },
    }),
  ),
  ...(
    [
      ['hidden-in-object', 'The signed Assertion is in an Object of an empty Signature of a forged one'],
      ['hidden-in-key-info', 'The signed Assertion is in the KeyInfo of an empty Signature of a forged one'],
      [
        'hidden-in-object-of-response',
        'The signed Assertion is in an Object of an empty Signature of the Response, and a forged one stands in its place',
      ],
    ] as const
  ).map(
    ([layout, title]): Family => ({
      layout,
      title,
      requirement: 'SAML-XSW-12',
      basis: ['SAML Core 5.4.2', 'CVE-2024-9487'],
      signed: 'assertion',
      over: { id: ids },
    }),
  ),
  {
    layout: 'nested-response',
    title: 'A forged Response holds the signed one beside a forged Assertion',
    requirement: 'SAML-XSW-14',
    basis: ['SAML Core 3.3.3'],
    signed: 'response',
    over: { id: ['new', 'same'], order: orders },
  },
]

/** Every combination of the values. */
const combinations = (over: Family['over']): Partial<Dimensions>[] =>
  Object.entries(over).reduce<Partial<Dimensions>[]>(
    (all, [name, values]) => all.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  )

const words: { [D in keyof Dimensions]: (value: Dimensions[D]) => string } = {
  id: (value) => `${value}-id`,
  signature: (value) => (value === 'copied' ? 'copied-signature' : 'no-signature'),
  namespace: (value) => (value === 'proper' ? 'namespaced' : 'no-namespace'),
  order: (value) => value,
}

const inWords: { [D in keyof Dimensions]: Readonly<Record<Dimensions[D], string>> } = {
  id: { new: 'its ID is new', same: 'its ID is that of the signed one', none: 'it has no ID' },
  signature: { none: 'it has no Signature', copied: 'it has a copy of the Signature' },
  namespace: { proper: 'the element around it is in its namespace', none: 'the element around it is in no namespace' },
  order: { 'forged-first': 'the forged one comes first', 'genuine-first': 'the signed one comes first' },
}

const described = (chosen: Partial<Dimensions>): string =>
  Object.entries(chosen)
    .map(([name, value]) => (inWords[name as keyof Dimensions] as Record<string, string>)[value])
    .join(', ')

/** Named by layout and dimensions, so that a failure can be run again alone. */
const nameOf = ({ layout, signed }: Family, dimensions: Partial<Dimensions>): string =>
  [
    layout,
    ...Object.entries(dimensions).map(([name, value]) =>
      (words[name as keyof Dimensions] as (v: string) => string)(value),
    ),
    `${signed}-signed`,
  ].join('/')

const faultsOf = (family: Family): Fault[] =>
  combinations(family.over).map((chosen) =>
    tamperFault({
      id: nameOf(family, chosen),
      title: `${family.title}: ${described(chosen)}`,
      severity: 'critical',
      // What is genuine in the message may be taken, by whoever takes nothing else.
      expect: 'reject-or-true-identity',
      basis: family.basis,
      requirement: family.requirement,
      signed: family.signed,
      parameters: identityParameter,
      apply: (xml, _context, params) =>
        layouts[family.layout](materialOf(xml, identityOf(params), { ...usual, ...family.fixed, ...chosen })),
    }),
  )

export const wrappingFaults: readonly Fault[] = families.flatMap(faultsOf)
