import { SMTPServer } from 'smtp-server'

export interface Sink {
  host: string
  port: number
  mails: { to: string[]; text: string }[]
  /** The link of the latest invitation to this address; '' when there is none. */
  linkTo(email: string): string
  stop(): Promise<void>
}

/** A real SMTP server that keeps what it gets. */
export const startSink = async (): Promise<Sink> => {
  const mails: Sink['mails'] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        // Quoted-printable, where a line is too long.
        const text = Buffer.concat(chunks).toString().replace(/=\r\n/g, '').replace(/=3D/g, '=')
        mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), text })
        done()
      })
    },
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.server.address()
  return {
    host: '127.0.0.1',
    port: typeof address === 'object' && address !== null ? address.port : 0,
    mails,
    linkTo: (email) =>
      /http:\S+\/invitations\/[\w-]+/.exec(mails.findLast((mail) => mail.to.includes(email))?.text ?? '')?.[0] ?? '',
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
      }),
  }
}
