/** Transforms and canonicalization: TRF-1 to TRF-4, C14-1 to C14-3. */
import { hash } from 'node:crypto'
import { strict } from '../../saml/markup.ts'
import { ns } from '../../saml/names.ts'
import type { ToSign } from '../../saml/signing-plan.ts'
import { type Expectation, type Fault, type Severity, signingFault, tamperFault } from '../fault.ts'
import { identityOf, identityParameter, inTheNameOf } from '../forge.ts'
import { first, inner, outer, refilled, withAttribute } from '../text/nodes.ts'
import { enveloped, exclusive, makerOf, type RecipeChange, transform, withReference } from '../text/signature-xml.ts'
import { signedAgain } from '../text/signed-again.ts'

const uri = {
  xslt: 'http://www.w3.org/TR/1999/REC-xslt-19991116',
  xpath: 'http://www.w3.org/TR/1999/REC-xpath-19991116',
  xpathFilter2: 'http://www.w3.org/2002/06/xmldsig-filter2',
  base64: 'http://www.w3.org/2000/09/xmldsig#base64',
  c14n: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
  excC14nWithComments: `${ns.excC14n}WithComments`,
} as const

interface Case {
  id: string
  title: string
  requirement: string
  severity: Severity
  expect?: Expectation
  basis: readonly string[]
}

/** Odd transforms, with the digest that the usual ones give: who ignores what is odd finds it good. */
const signedWith = ({ expect = 'reject', ...rest }: Case, change: RecipeChange): Fault =>
  signingFault({
    ...rest,
    expect,
    signed: 'one',
    apply: (plan) => ({ ...plan, makeSignature: makerOf(change) }),
  })

const withTransforms =
  (make: (toSign: ToSign) => string): RecipeChange =>
  (recipe, toSign) =>
    withReference(recipe, { transforms: make(toSign) })

const stylesheet = (canary: string): string =>
  `<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0"><xsl:template match="/"><xsl:copy-of select="document('${canary}')"></xsl:copy-of></xsl:template></xsl:stylesheet>`

const xslt = signingFault({
  id: 'xslt-transform',
  title: 'A Transform is an XSLT stylesheet that reads another document',
  requirement: 'SAML-TRF-01',
  severity: 'high',
  expect: 'reject',
  signed: 'one',
  basis: ['SAML Core 5.4.4', 'XMLDSig 8.1.1'],
  parameters: { canary: { title: 'The URL that nobody must call', type: 'string', required: true } },
  apply: (plan, _context, params) => ({
    ...plan,
    makeSignature: makerOf((recipe, toSign) =>
      withReference(recipe, {
        transforms:
          enveloped(toSign.prefix) +
          transform(toSign.prefix, uri.xslt, stylesheet(String(params['canary']))) +
          exclusive(toSign),
      }),
    ),
  }),
})

/** The NameID is outside of what was digested, because a Transform leaves it out; then it is changed. */
const leavingOut = (id: string, title: string, make: (p: string) => string): Fault =>
  tamperFault({
    id,
    title,
    requirement: 'SAML-TRF-02',
    severity: 'critical',
    expect: 'reject',
    signed: 'one',
    basis: ['SAML Core 5.4.4'],
    parameters: identityParameter,
    apply: async (_xml, { message }, params) => {
      const maker = makerOf((recipe, toSign, { digestAlgorithm }) => {
        const nameId = outer(toSign.element, first(toSign.element, 'NameID'))
        return withReference(recipe, {
          transforms: enveloped(toSign.prefix) + make(toSign.prefix) + exclusive(toSign),
          digestValue: hash(digestAlgorithm, toSign.element.replace(nameId, ''), 'base64'),
        })
      })
      const signed = await signedAgain(message, maker)
      return refilled(signed, first(signed, 'NameID'), strict.text(identityOf(params)))
    },
  })

const xpath = leavingOut('xpath-transform', 'A Transform by XPath leaves the NameID out of what is digested', (p) =>
  transform(p, uri.xpath, `<${p}:XPath>not(ancestor-or-self::*[local-name()='NameID'])</${p}:XPath>`),
)

const xpathFilter2 = leavingOut(
  'xpath-filter2-transform',
  'A Transform by XPath Filter 2.0 takes the NameID out of what is digested',
  (p) =>
    transform(
      p,
      uri.xpathFilter2,
      `<xf:XPath xmlns:xf="${uri.xpathFilter2}" Filter="subtract">//*[local-name()='NameID']</xf:XPath>`,
    ),
)

const odd = (id: string, title: string, make: (toSign: ToSign) => string): Fault =>
  signedWith(
    { id, title, requirement: 'SAML-TRF-03', severity: 'high', basis: ['SAML Core 5.4.4'] },
    withTransforms(make),
  )

const odds = [
  odd(
    'base64-transform',
    'There is a base64 Transform beside the usual ones',
    (toSign) => enveloped(toSign.prefix) + exclusive(toSign) + transform(toSign.prefix, uri.base64),
  ),
  odd(
    'unknown-transform',
    'There is a Transform that nobody knows beside the usual ones',
    (toSign) =>
      enveloped(toSign.prefix) + exclusive(toSign) + transform(toSign.prefix, 'urn:example:unknown-transform'),
  ),
  odd('no-transforms', 'There are no Transforms: the digest is that of the usual ones', () => ''),
  odd(
    'enveloped-missing',
    'The enveloped-signature Transform is missing: the digest is that of the usual ones',
    exclusive,
  ),
  odd(
    'empty-transform-algorithm',
    'The Algorithm of a Transform is empty',
    (toSign) => enveloped(toSign.prefix) + exclusive(toSign) + transform(toSign.prefix, ''),
  ),
]

const many = signedWith(
  {
    id: 'hundred-transforms',
    title: 'The same Transform stands there a hundred times',
    requirement: 'SAML-TRF-04',
    severity: 'medium',
    basis: ['SAML Core 5.4.4', 'CVE-2021-39171'],
  },
  withTransforms((toSign) => enveloped(toSign.prefix) + exclusive(toSign).repeat(100)),
)

/** Some canonicalizers give nothing at all for a relative namespace URI, and the digest of nothing is known. */
const emptyCanonicalForm = (id: string, title: string, namespace: string): Fault =>
  tamperFault({
    id,
    title,
    requirement: 'SAML-C14-01',
    severity: 'critical',
    expect: 'reject',
    signed: 'one',
    basis: ['C14N 1.3', 'CVE-2025-66568', 'CVE-2025-66578'],
    parameters: identityParameter,
    apply: async (_xml, { message }, params) => {
      const maker = makerOf((recipe, _toSign, { digestAlgorithm }) =>
        withReference(recipe, { digestValue: hash(digestAlgorithm, '', 'base64') }),
      )
      const signed = inTheNameOf(await signedAgain(message, maker), identityOf(params))
      return withAttribute(
        signed,
        first(signed, message.plan.signAssertion ? 'Assertion' : 'Response'),
        'xmlns:rel',
        namespace,
      )
    },
  })

/** A comment that is part of what was signed: `#WithComments` keeps it. */
const commentSigned = signingFault({
  id: 'comment-in-signed-name-id',
  title: 'The canonicalization keeps comments, and there is one in the NameID that was signed',
  requirement: 'SAML-C14-02',
  severity: 'high',
  expect: 'reject-or-true-identity',
  signed: 'one',
  basis: ['XMLDSig 4.4.3.3', 'CVE-2017-11427'],
  parameters: {
    length: { title: 'How many characters of the NameID stand before it', type: 'number', required: true },
  },
  apply: (plan, _context, params) => {
    const edit = (element: string): string => {
      const node = first(element, 'NameID')
      const value = inner(element, node)
      const at = Number(params['length'])
      return refilled(element, node, `${value.slice(0, at)}<!---->${value.slice(at)}`)
    }
    return {
      ...plan,
      edit: { assertion: edit },
      makeSignature: makerOf((recipe, toSign) => ({
        canonicalization: uri.excC14nWithComments,
        ...withReference(recipe, {
          transforms: enveloped(toSign.prefix) + exclusive(toSign).replace(ns.excC14n, uri.excC14nWithComments),
        }),
      })),
    }
  },
})

/** Inclusive C14N writes every namespace in scope: that of the Response on the Assertion in it too. */
const inContext = ({ element }: ToSign): string =>
  /^<(?:[\w-]+:)?Assertion\b/.test(element)
    ? element.replace(/ xmlns:(saml2?)="[^"]*"/, (own, p) => `${own} xmlns:${p}p="${ns.protocol}"`)
    : element

const otherCanonicalization = (id: string, title: string, transforms: (toSign: ToSign) => string): Fault =>
  signedWith(
    {
      id,
      title,
      requirement: 'SAML-C14-03',
      severity: 'high',
      expect: 'reject-or-true-identity',
      basis: ['SAML Core 5.4.3'],
    },
    (recipe, toSign, { digestAlgorithm }) =>
      withReference(recipe, {
        transforms: enveloped(toSign.prefix) + transforms(toSign),
        digestValue: hash(digestAlgorithm, inContext(toSign), 'base64'),
      }),
  )

export const transformFaults: readonly Fault[] = [
  xslt,
  xpath,
  xpathFilter2,
  ...odds,
  many,
  emptyCanonicalForm('relative-namespace', 'A namespace URI is relative, and the digest is that of nothing', '1'),
  emptyCanonicalForm(
    'relative-path-namespace',
    'A namespace URI is a relative path, and the digest is that of nothing',
    '../x',
  ),
  commentSigned,
  otherCanonicalization('inclusive-canonicalization', 'The element is canonicalized inclusively', (toSign) =>
    transform(toSign.prefix, uri.c14n),
  ),
  otherCanonicalization(
    'inclusive-prefix-list',
    'The list of inclusive prefixes has one that the Assertion does not use',
    (toSign) =>
      transform(
        toSign.prefix,
        ns.excC14n,
        `<ec:InclusiveNamespaces xmlns:ec="${ns.excC14n}" PrefixList="saml2p samlp xs"></ec:InclusiveNamespaces>`,
      ),
  ),
]
