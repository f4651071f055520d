/** Others that exist nowhere (RFC 2606): a message for or from them is not for this service provider. */
export const elsewhere = {
  spEntityId: 'https://another-sp.example.test/saml',
  acsUrl: 'https://another-sp.example.test/saml/acs',
  idpEntityId: 'http://www.okta.com/exkAnotherOrg0123456',
}
