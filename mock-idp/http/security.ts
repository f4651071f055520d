import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Request, RequestHandler, Response } from 'express'
import { ProtocolError } from '../../src/core/errors.ts'
import { isLoopbackHost } from '../journal/redaction.ts'
import { readCookies } from './sessions.ts'

/** Pages may load what is ours, and nothing else; no inline script or style. */
const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

export const securityHeaders: RequestHandler = (_req, res, next) => {
  res.set({
    'Content-Security-Policy': pagePolicy,
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
    // Not no-referrer: browsers would then send `Origin: null` with the Response, which some SPs refuse.
    'Referrer-Policy': 'strict-origin-when-cross-origin',
  })
  next()
}

/** Which names this server answers to. */
export interface OwnNames {
  /** As told by `host` and `publicUrl`. */
  hostnames: ReadonlySet<string>
  publicOrigin: string | undefined
}

/**
 * Refuses requests for another host: a page of a stranger whose DNS name was pointed at this machine (DNS rebinding)
 * would else be same-origin with us. Addresses cannot be rebound; names are ours only if we were told.
 */
export const refuseForeignHosts =
  (own: OwnNames): RequestHandler =>
  (req, _res, next) => {
    const host = req.headers.host ?? ''
    const hostname = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : ''
    const local = `${req.socket.localAddress?.replace(/^::ffff:/, '')}`
    if (isLoopbackHost(hostname) || own.hostnames.has(hostname) || hostname === local || hostname === `[${local}]`) {
      next()
      return
    }
    throw new ProtocolError(`The request is for the host ${JSON.stringify(host)}, which is not this mock IdP`, {
      code: 'foreign-host',
      hint: 'If people reach it by that name, start it with --public-url (publicUrl), such as --public-url https://idp.example.test.',
    })
  }

/**
 * Refuses what a page of another origin sends: a browser says where a request comes from in `Origin`, or in
 * `Sec-Fetch-Site`. Programs send neither.
 */
export const refuseForeignOrigins =
  (own: OwnNames): RequestHandler =>
  (req, _res, next) => {
    const origin = req.headers.origin
    const site = req.headers['sec-fetch-site']
    const ours =
      origin === undefined || origin === own.publicOrigin || origin === `${req.protocol}://${req.headers.host}`
    if (ours && (site === undefined || site === 'same-origin' || site === 'none')) {
      next()
      return
    }
    throw new ProtocolError(
      `The request comes from a page of ${origin ?? 'another site'}, which may not control this mock IdP`,
      {
        code: 'foreign-origin',
        hint: 'Call the control API from a program, or from the console. Pages of other origins are refused (CSRF).',
      },
    )
  }

export const isLoopbackRequest = (req: Request): boolean =>
  isLoopbackHost(req.socket.remoteAddress ?? '') || isLoopbackHost(`[${req.socket.remoteAddress}]`)

const formCookie = 'idp_form'

/** Forms that change something carry a token that only our own pages could have put there. */
export interface FormGuard {
  /** The token for a form in this answer; sets the cookie that it belongs to. */
  token(req: Request, res: Response): string
  /** @throws ProtocolError `form-token` */
  check(req: Request): void
}

export const createFormGuard = (secureCookies: () => boolean): FormGuard => {
  const secret = randomBytes(32)
  const sign = (value: string): string => createHmac('sha256', secret).update(value).digest('base64url')
  return {
    token: (req, res) => {
      let value = readCookies(req.headers.cookie).get(formCookie)
      if (value === undefined || !/^[\w-]{20,64}$/.test(value)) {
        value = randomBytes(18).toString('base64url')
        res.cookie(formCookie, value, { httpOnly: true, sameSite: 'strict', secure: secureCookies(), path: '/' })
      }
      return sign(value)
    },
    check: (req) => {
      const value = readCookies(req.headers.cookie).get(formCookie)
      const sent = Buffer.from(String((req.body as { token?: unknown } | undefined)?.token ?? ''))
      const right = Buffer.from(value === undefined ? '' : sign(value))
      if (right.length > 0 && sent.length === right.length && timingSafeEqual(sent, right)) return
      throw new ProtocolError('The form was not sent from a page of this mock IdP, or that page is too old', {
        code: 'form-token',
        hint: 'Go back, reload the page and send the form again; cookies must be allowed.',
      })
    },
  }
}
