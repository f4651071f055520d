import { nothingToSpoil } from './edit.ts'
import { fault } from './fault.ts'

export const replayedResponse = fault({
  id: 'replayed-response',
  title: 'It is the previous Response once more, byte for byte',
  stage: 'flow',
  severity: 'high',
  expect: 'reject',
  basis: ['SAML Profiles 4.1.4.5'],
  apply: (_xml, { previousXml }) => {
    if (previousXml === undefined)
      throw nothingToSpoil('replayed-response', 'an earlier Response of this user at this application', [])
    return previousXml
  },
})

export const flowFaults = [replayedResponse] as const
