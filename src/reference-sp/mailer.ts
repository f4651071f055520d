import type { Transporter } from 'nodemailer'

export interface SmtpServer {
  host: string
  port: number
}

export interface OutgoingMail {
  to: string
  subject: string
  text: string
  html: string
}

export interface Mailer {
  /** False: there is no mail server, so nobody gets mail. */
  readonly configured: boolean
  /** Resolves when the mail server has taken it. @throws whatever the mail server says. */
  send(mail: OutgoingMail): Promise<void>
  close(): void
}

const from = { name: 'idpact reference SP', address: 'no-reply@sp.example.test' }
const timeout = 5_000

/** Plain SMTP, without TLS and login: for a mail sink on the same machine. nodemailer is loaded with the first mail. */
export const createMailer = (server: SmtpServer | undefined): Mailer => {
  let transport: Promise<Transporter> | undefined
  const open = async ({ host, port }: SmtpServer): Promise<Transporter> => {
    const { createTransport } = await import('nodemailer')
    return createTransport({
      host,
      port,
      pool: true,
      ignoreTLS: true,
      connectionTimeout: timeout,
      greetingTimeout: timeout,
      socketTimeout: timeout,
    })
  }
  return {
    configured: server !== undefined,
    send: async (mail) => {
      if (server === undefined) return
      transport ??= open(server)
      await (await transport).sendMail({ from, ...mail })
    },
    close: () => {
      void transport?.then((opened) => opened.close())
    },
  }
}
