import { dirname } from 'node:path'
import { sha256 } from '../core/digest.ts'
import type { Subject } from './subject.ts'

/**
 * SHA-256 over a configuration as it was understood: without its secrets, and with paths relative to its file, so that the
 * same configuration has the same digest on every machine. An embedded SP is its contract and its defects.
 */
export const configurationDigest = (subject: Subject): string => {
  if (subject.kind === 'embedded') {
    const { contract, defects } = subject
    return sha256({ embedded: contract.id, defects })
  }
  const { contract, target, parameters, allow, expect, idp, file } = subject.config
  const { secrets, ...rest } = target
  const text = JSON.stringify({
    contract,
    target: rest,
    parameters,
    allow,
    expect,
    idp: { ...idp, keyFile: undefined },
  })
  const hidden = secrets.reduce((all, secret) => all.replaceAll(JSON.stringify(secret).slice(1, -1), '[secret]'), text)
  const relative = file === '' ? hidden : hidden.replaceAll(`"${dirname(file)}/`, '"./')
  return sha256(JSON.parse(relative) as object)
}
