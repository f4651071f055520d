/** A service provider on samlify, set up as its documentation says, with a validator of XML that looks at well-formedness. */
import * as samlify from 'samlify'
import { SaxesParser } from 'saxes'
import { type Idp, type SamlApp, startSamlApp } from '../saml-app.ts'

/** samlify wants a validator; its own are packages of their own, over Java or libxml. This one is saxes. */
samlify.setSchemaValidator({
  validate: async (xml: string) => {
    const parser = new SaxesParser({ xmlns: true })
    parser.on('error', (error) => {
      throw error
    })
    parser.write(xml).close()
    return 'well-formed'
  },
})

export const startSamlify = ({ metadata }: Idp): Promise<SamlApp> =>
  startSamlApp(({ acs, entityId }) => {
    const idp = samlify.IdentityProvider({ metadata })
    const sp = samlify.ServiceProvider({
      entityID: entityId,
      wantAssertionsSigned: true,
      assertionConsumerService: [{ Binding: samlify.Constants.namespace.binding.post, Location: acs }],
    })
    return {
      loginUrl: async () => sp.createLoginRequest(idp, 'redirect').context,
      nameIdOf: async (form) => {
        const { extract } = await sp.parseLoginResponse(idp, 'post', { body: form })
        const { nameID } = extract as { nameID?: unknown }
        if (typeof nameID !== 'string' || nameID === '') throw new Error('There is no NameID.')
        return nameID
      },
    }
  })
