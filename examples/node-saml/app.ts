/** A service provider on @node-saml/node-saml, set up as its README says, with InResponseTo checked where there is one. */
import { SAML, ValidateInResponseTo } from '@node-saml/node-saml'
import { type Idp, type SamlApp, startSamlApp } from '../saml-app.ts'

export const startNodeSaml = ({ entityId: idpIssuer, ssoUrl, certificatePem }: Idp): Promise<SamlApp> =>
  startSamlApp(({ acs, entityId }) => {
    const saml = new SAML({
      callbackUrl: acs,
      issuer: entityId,
      audience: entityId,
      entryPoint: ssoUrl,
      idpIssuer,
      idpCert: certificatePem,
      validateInResponseTo: ValidateInResponseTo.ifPresent,
    })
    return {
      loginUrl: () => saml.getAuthorizeUrlAsync('', undefined, {}),
      nameIdOf: async (form) => {
        const { profile } = await saml.validatePostResponseAsync(form)
        if (!profile?.nameID) throw new Error('There is no NameID.')
        return profile.nameID
      },
    }
  })
