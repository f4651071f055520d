import { also, type Defect, defect } from '../../defects/defect.ts'
import type { Misreading, RefusedMessage } from '../careless/message.ts'

/** A defect that takes a message which the gate, or the verifier, has refused. */
export const misreading = (
  id: string,
  title: string,
  misreads: (message: RefusedMessage) => Misreading | Promise<Misreading>,
  alsoFails: Defect['alsoFails'] = [],
): Defect =>
  defect(id, {
    title,
    ...(alsoFails.length === 0 ? {} : { alsoFails }),
    rules: (rules) => ({ misreads: async (message) => (await rules.misreads(message)) ?? (await misreads(message)) }),
  })

/** Requirements that fail too, because the same carelessness takes their messages. */
export const sameCarelessness = (...requirements: string[]): NonNullable<Defect['alsoFails']> =>
  requirements.map((requirement) => also(requirement, 'the same carelessness takes these messages'))
