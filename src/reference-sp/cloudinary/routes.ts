import type { Router } from 'express'
import { loginRoutes } from '../http/login-routes.ts'
import { oauthRoutes } from '../oauth/routes.ts'
import { scimRoutes } from '../scim/routes.ts'
import type { Service } from '../service.ts'
import { provisioningRoutes } from './api/routes.ts'
import { consoleRoutes } from './console/routes.ts'
import { samlRoutes } from './saml-routes.ts'

export const cloudinaryRoutes = ({ organisations: [sp] }: Service): Router[] => [
  samlRoutes(sp), //          /login/sso, the two assertion consumer services, our metadata
  loginRoutes(sp), //         /login, /login/password, /login/otp, /invitations, /api/me, /logout
  oauthRoutes(sp), //         /oauth2/auth, /oauth2/consent, /oauth2/token, their keys and discovery
  consoleRoutes(sp), //       /, /console/…
  provisioningRoutes(sp), //  /v1_1/provisioning/accounts/…
  scimRoutes(sp), //          /scim/v2/Users, Groups and what describes them
]
