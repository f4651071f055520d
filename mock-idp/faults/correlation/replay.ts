/** Messages that were used before: COR-19. */
import { nothingToSpoil } from '../edit.ts'
import { type Fault, flowFault, tamperFault } from '../fault.ts'
import { newId } from '../forge.ts'
import { assemble, partsOf } from '../text/parts.ts'

const basis = ['SAML Profiles 4.1.4.5']

const none = (fault: string) => nothingToSpoil(fault, 'an earlier Response of this user at this application', [])

const replayedResponse = flowFault({
  id: 'replayed-response',
  title: 'It is the previous Response once more, byte for byte',
  severity: 'high',
  expect: 'reject',
  basis,
  requirement: 'SAML-COR-19',
  apply: (_xml, { previousXml }) => {
    if (previousXml === undefined) throw none('replayed-response')
    return previousXml
  },
})

const replayedAssertion = tamperFault({
  id: 'replayed-assertion-in-new-response',
  title: 'The Assertion of the previous Response is in a new one',
  severity: 'high',
  expect: 'reject',
  signed: 'assertion',
  basis: [...basis, 'CVE-2025-64131'],
  requirement: 'SAML-COR-19',
  apply: (xml, { previousXml }) => {
    if (previousXml === undefined) throw none('replayed-assertion-in-new-response')
    const parts = partsOf(xml)
    const { assertions, open } = partsOf(previousXml)
    // The request that the old one answered goes along, or it would be wrong for another reason.
    const inResponseTo = / InResponseTo="[^"]*"/.exec(open)?.[0] ?? ''
    const fresh = parts.open.replace(/ InResponseTo="[^"]*"/, inResponseTo).replace(/ ID="[^"]*"/, ` ID="${newId()}"`)
    return assemble({ ...parts, signature: '', open: fresh, assertions })
  },
})

export const replayFaults: readonly Fault[] = [replayedResponse, replayedAssertion]
