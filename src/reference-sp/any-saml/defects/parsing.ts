/** Documents that are read more kindly, or more cleverly, than is good. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { inflateRawSync } from 'node:zlib'
import { also, type Defect, defect } from '../../defects/defect.ts'
import type { VerifiedAssertion } from '../../saml/assertion.ts'
import { attribute, below, firstTextOf, named, parseLoosely } from '../careless/dom.ts'
import type { RefusedMessage } from '../careless/message.ts'
import { everyElement, verified } from '../careless/verify.ts'
import { misreading, sameCarelessness } from './misreadings.ts'
import { own, taken } from './signature.ts'

const calledWhereSilence = [also('SAML-PAR-20', 'what is fetched is called, where silence is what is tested')]

const doctypePattern = /<!DOCTYPE\s[^[>]*(?:\[[\s\S]*?\]\s*)?>/

/** The DOCTYPE of a document, and the document without it. */
const doctypeOf = (xml: string): { dtd: string; rest: string } | undefined => {
  const dtd = doctypePattern.exec(xml)?.[0]
  return dtd === undefined ? undefined : { dtd, rest: xml.replace(dtd, '') }
}

const internalEntities = (dtd: string): Map<string, string> =>
  new Map([...dtd.matchAll(/<!ENTITY\s+([\w.-]+)\s+"([^"]*)">/g)].map(([, name = '', value = '']) => [name, value]))

const reference = /&([A-Za-z][\w.-]*);/g
const predefined = new Set(['lt', 'gt', 'amp', 'quot', 'apos'])

/** Every entity in place of its name, and in what comes of that too. */
const expanded = (text: string, entities: ReadonlyMap<string, string>, depth = 0): string => {
  if (depth > 10) throw new RangeError('entities expand for ever')
  return text.replaceAll(reference, (all, name: string) => {
    const value = predefined.has(name) ? undefined : entities.get(name)
    return value === undefined ? all : expanded(value, entities, depth + 1)
  })
}

const isNested = (dtd: string): boolean => [...internalEntities(dtd).values()].some((value) => reference.test(value))
const isExternal = (dtd: string): boolean => /\b(?:SYSTEM|PUBLIC)\b/.test(dtd)
const externalEntity = /<!ENTITY\s+([\w.-]+)\s+(?:SYSTEM|PUBLIC\s+"[^"]*")\s+"([^"]*)">/
const externalDtd = /(?:SYSTEM|PUBLIC\s+"[^"]*")\s+"([^"]*)"/

const fetched = async (url: string): Promise<string> => {
  try {
    if (url.startsWith('file:')) return await readFile(fileURLToPath(url), 'utf8')
    return await (await fetch(url, { signal: AbortSignal.timeout(2_000) })).text()
  } catch {
    return ''
  }
}

const stopsAt = (local: string, { root }: RefusedMessage): string => firstTextOf(below(root, local)[0])

const withName =
  (value: string) =>
  (assertion: VerifiedAssertion): VerifiedAssertion => ({
    ...assertion,
    nameId: assertion.nameId && { ...assertion.nameId, value },
  })

const noComments = (xml: string): string => xml.replaceAll(/<!--[\s\S]*?-->/g, '')
const isForbidden = ({ refused }: RefusedMessage): boolean => refused.reason === 'MESSAGE_FORBIDDEN_XML'
const isMalformed = ({ refused }: RefusedMessage): boolean => refused.reason === 'MESSAGE_MALFORMED'

/** The forged Assertion of a document after its DTD was applied: its Signature verifies the element of the same ID. */
const afterDtd = (xml: string, certificates: readonly string[]): Element | undefined => {
  const root = parseLoosely(xml)?.documentElement
  const [evil] = named(root, 'Assertion')
  const signature = own(evil)
  const last = (id: string, from: Element): Element | undefined =>
    everyElement(from).findLast((element) => attribute(element, 'ID') === id)
  return signature !== undefined && verified(signature, certificates, { resolve: last }) ? evil : undefined
}

export const parsingDefects: readonly Defect[] = [
  misreading('SAML-PAR-01', 'A DOCTYPE is read, and its entities are used.', ({ xml }) => {
    const found = doctypeOf(xml)
    if (found === undefined || isExternal(found.dtd) || isNested(found.dtd) || /ATTLIST/.test(found.dtd))
      return undefined
    const entities = internalEntities(found.dtd)
    const isSmall = [...entities.values()].every((value) => value.length < 100)
    return isSmall ? { xml: expanded(found.rest, entities) } : undefined
  }),
  misreading(
    'SAML-PAR-02',
    'External entities are fetched.',
    async ({ xml }) => {
      const found = doctypeOf(xml)
      const [, name, url] = externalEntity.exec(found?.dtd ?? '') ?? []
      if (found === undefined || name === undefined || url === undefined) return undefined
      return { xml: expanded(found.rest, new Map([[name, (await fetched(url)).replaceAll(/[<&]/g, '')]])) }
    },
    calledWhereSilence,
  ),
  misreading(
    'SAML-PAR-03',
    'The DTD is fetched, and parameter entities are.',
    async ({ xml }) => {
      const found = doctypeOf(xml)
      if (found === undefined || externalEntity.test(found.dtd)) return undefined
      const url = externalDtd.exec(found.dtd)?.[1]
      if (url === undefined) return undefined
      await fetched(url)
      return { xml: found.rest }
    },
    calledWhereSilence,
  ),
  misreading('SAML-PAR-04', 'Entities that expand to others are expanded.', ({ xml }) => {
    const found = doctypeOf(xml)
    if (found === undefined || !isNested(found.dtd) || /"&b;"/.test(found.dtd)) return undefined
    const text = expanded(found.rest, internalEntities(found.dtd))
    return { xml: text.replace(/(<[\w.-]+:StatusMessage>)[^<]*/, '$1') }
  }),
  misreading('SAML-PAR-05', 'An entity is expanded as often as it is used.', ({ xml }) => {
    const found = doctypeOf(xml)
    const entities = internalEntities(found?.dtd ?? '')
    if (found === undefined || ![...entities.values()].some((value) => value.length > 1_000)) return undefined
    return { xml: expanded(found.rest, entities).replace(/(<[\w.-]+:StatusMessage>)[^<]*/, '$1') }
  }),
  misreading(
    'SAML-PAR-06',
    'Default attributes of the DTD are applied.',
    ({ xml, certificates }) => {
      const found = doctypeOf(xml)
      const [, element, name, value] =
        /<!ATTLIST\s+(\S+)\s+(\S+)\s+CDATA\s+(?:#FIXED\s+)?"([^"]*)">/.exec(found?.dtd ?? '') ?? []
      if (found === undefined || element === undefined || name === undefined) return undefined
      const applied = found.rest.replace(
        new RegExp(`<${element}(?=[\\s>])(?![^>]* ${name}=)`),
        (tag) => `${tag} ${name}="${value}"`,
      )
      return taken(afterDtd(applied, certificates))
    },
    sameCarelessness('SAML-PAR-04'),
  ),
  misreading('SAML-PAR-07', 'Entities in IDs are expanded before a Reference is resolved.', ({ xml, certificates }) => {
    const found = doctypeOf(xml)
    if (found === undefined || !/ ID="[^"]*&/.test(found.rest)) return undefined
    return taken(afterDtd(expanded(found.rest, internalEntities(found.dtd)), certificates))
  }),
  misreading('SAML-PAR-08', 'Declarations that Namespaces in XML forbids are skipped.', (message) =>
    isMalformed(message)
      ? { xml: message.xml.replace(/(<[\w.-]+:Response) (?:xmlns:(?:xml|xmlns|x|a|b)="[^"]*"|[ab]:x="\d"| )+/, '$1 ') }
      : undefined,
  ),
  misreading('SAML-PAR-09', 'The NameID is read up to the first comment.', (message) =>
    isForbidden(message) && /<!--/.test(message.xml) && below(message.root, 'NameID')[0]?.childNodes.length !== 1
      ? { xml: noComments(message.xml), edit: withName(stopsAt('NameID', message)) }
      : undefined,
  ),
  misreading('SAML-PAR-10', 'Audience and Issuer are read up to the first comment.', (message) => {
    const isThere = ['Audience', 'Issuer'].some((local) =>
      below(message.root, local).some((one) => one.childNodes.length > 1),
    )
    if (!isForbidden(message) || !isThere) return undefined
    const [assertion] = message.assertions
    return {
      xml: noComments(message.xml),
      edit: (read) => ({
        ...read,
        issuer: firstTextOf(named(assertion, 'Issuer')[0]),
        conditions: { ...read.conditions, audiences: [[stopsAt('Audience', message)]] },
      }),
    }
  }),
  misreading('SAML-PAR-11', 'The NameID is its first piece of text.', (message) => {
    const name = /<[\w.-]+:NameID[^>]*>([^<]*)<!\[CDATA\[/.exec(message.xml)?.[1]
    if (!isForbidden(message) || name === undefined) return undefined
    return { xml: message.xml.replaceAll(/<!\[CDATA\[([\s\S]*?)\]\]>/g, '$1'), edit: withName(name) }
  }),
  misreading('SAML-PAR-12', 'Characters that XML does not allow are dropped.', (message) =>
    isMalformed(message)
      ? // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is dropped
        { xml: message.xml.replaceAll(/&#(?:0|xD800);|[\u0001\ufffd]/g, '') }
      : undefined,
  ),
  defect('SAML-PAR-13', {
    title: 'Names are normalised, and characters that nobody sees are dropped.',
    rules: (rules) => ({
      readName: (name) =>
        rules
          .readName(name)
          .normalize('NFKC')
          .replaceAll(/[\u00ad\u200b\ufeff]/g, ''),
    }),
  }),
  defect('SAML-PAR-14', {
    title: 'Names are trimmed.',
    alsoFails: sameCarelessness('SAML-PAR-13'),
    rules: (rules) => ({ readName: (name) => rules.readName(name).trim() }),
  }),
  misreading('SAML-PAR-15', 'A document in another encoding breaks the service.', ({ field }) => {
    if (Buffer.from(field, 'base64').includes(0)) throw new TypeError('the document cannot be decoded')
    return undefined
  }),
  misreading('SAML-PAR-16', 'A document that is too large breaks the service.', ({ refused }) => {
    if (refused.reason === 'MESSAGE_TOO_LARGE') throw new RangeError('the call stack is too deep')
    return undefined
  }),
  misreading(
    'SAML-PAR-17',
    'The field is taken as XML, compressed or doubly encoded as it comes.',
    ({ field, refused }) => {
      if (refused.reason !== 'MESSAGE_MALFORMED') return undefined
      if (field.startsWith('<')) return { xml: field }
      const bytes = Buffer.from(field, 'base64')
      if (/^[A-Za-z0-9+/=]+$/.test(bytes.toString('latin1')))
        return { xml: Buffer.from(bytes.toString('latin1'), 'base64').toString('utf8') }
      try {
        return { xml: inflateRawSync(bytes, { maxOutputLength: 1_000_000 }).toString('utf8') }
      } catch {
        return undefined
      }
    },
  ),
  defect('SAML-PAR-18', {
    title: 'The message is taken from any field with a name like SAMLResponse.',
    rules: () => ({
      messageIn: (form) => Object.entries(form).find(([name]) => /^samlresponse/i.test(name))?.[1],
    }),
  }),
  misreading(
    'SAML-PAR-20',
    'Every address in a message is fetched while it is read, and the message is refused afterwards.',
    async ({ xml }) => {
      for (const [, url = ''] of xml.matchAll(/["'](http:\/\/[^"']*\/canary\/[^"']*)["']/g)) await fetched(url)
      return undefined
    },
    sameCarelessness('SAML-PAR-02', 'SAML-PAR-03', 'SAML-SIG-11', 'SAML-TRF-01'),
  ),
  misreading('SAML-PAR-19', 'Text around the root element is skipped.', (message) =>
    isMalformed(message)
      ? { xml: message.xml.replace(/^(?:<\?xml[^>]*\?>)?[^<]*/, '').replace(/[^>]*$/, '') }
      : undefined,
  ),
]
