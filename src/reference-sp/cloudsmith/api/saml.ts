import { Router } from 'express'
import { changeSettings } from '../../change-settings.ts'
import type { Sp } from '../../sp.ts'
import { bodyOf, flagOf, textOf } from './body.ts'
import { invalid } from './detail-error.ts'

/** `/orgs/{org}/saml-authentication`: the switch, and the metadata, pasted or by URL. */
export const samlRoutes = (sp: Sp): Router => {
  const router = Router()
  router.get('/', (_req, res) => {
    res.json(settingsJson(sp))
  })
  router.patch('/', async (req, res) => {
    const body = bodyOf(req)
    const enabled = flagOf(body, 'saml_auth_enabled')
    const enforce = flagOf(body, 'saml_auth_enforced')
    const [xml, url] = [textOf(body, 'saml_metadata_inline', 32_000), textOf(body, 'saml_metadata_url', 254)]
    if (xml !== undefined && url !== undefined)
      invalid('saml_metadata_url', 'The metadata are given inline or by URL, not both.')
    const metadata =
      xml !== undefined
        ? { mode: 'inline' as const, xml }
        : url !== undefined
          ? {
              mode: 'url' as const,
              url: /^https?:\/\//.test(url) ? url : invalid('saml_metadata_url', 'This is no URL.'),
            }
          : undefined
    await changeSettings(sp, {
      saml: { ...(enabled === undefined ? {} : { enabled }), ...(metadata === undefined ? {} : { metadata }) },
      ...(enforce === undefined ? {} : { enforce }),
    })
    res.json(settingsJson(sp))
  })
  return router
}

const settingsJson = (sp: Sp): Record<string, unknown> => {
  const { saml, enforce } = sp.store.settings.read()
  const { metadata } = saml
  return {
    saml_auth_enabled: saml.enabled,
    saml_auth_enforced: enforce,
    saml_metadata_inline: metadata?.mode === 'inline' ? metadata.xml : null,
    saml_metadata_url: metadata?.mode === 'url' ? metadata.url : null,
  }
}
