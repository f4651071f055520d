import { acsUrl, audience, issuer, readFields } from '../saml/support.ts'

/**
 * What a careful service provider finds wrong with a Response besides its signatures, each as one word. It reads by
 * paths of its own and shares nothing with the faults.
 */
export const problemsOf = (xml: string, now: number, requestId: string | undefined): string[] => {
  const fields = readFields(xml)
  const assertion = 'Response/Assertion'
  const data = `${assertion}/Subject/SubjectConfirmation/SubjectConfirmationData`
  const at = (path: string): number => Date.parse(fields.get(path) ?? '')
  const checks: Record<string, boolean> = {
    status: fields.get('Response/Status/StatusCode@Value') === 'urn:oasis:names:tc:SAML:2.0:status:Success',
    destination: fields.get('Response@Destination') === acsUrl,
    'response issuer': fields.get('Response/Issuer') === issuer,
    'response in response to': fields.get('Response@InResponseTo') === requestId,
    assertion: fields.has(assertion),
  }
  if (checks['assertion'])
    Object.assign(checks, {
      'assertion issuer': fields.get(`${assertion}/Issuer`) === issuer,
      audience: fields.get(`${assertion}/Conditions/AudienceRestriction/Audience`) === audience,
      'not before': at(`${assertion}/Conditions@NotBefore`) <= now,
      'not on or after': at(`${assertion}/Conditions@NotOnOrAfter`) > now,
      recipient: fields.get(`${data}@Recipient`) === acsUrl,
      'confirmation in response to': fields.get(`${data}@InResponseTo`) === requestId,
      'confirmation expired': at(`${data}@NotOnOrAfter`) > now,
      subject: (fields.get(`${assertion}/Subject/NameID`) ?? '') !== '',
    })
  return Object.entries(checks).flatMap(([name, good]) => (good ? [] : [name]))
}
