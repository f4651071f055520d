import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { z } from 'zod'
import type { Contract } from '../contracts/contract.ts'
import type { ContractRef } from '../contracts/index.ts'
import { expectFor, parametersFor, problemsWithContract } from './against-contract.ts'
import { isContractFile, readContractFile } from './contract-file.ts'
import { type Environment, type Problem, resolveEnvironment } from './environment.ts'
import { configError, problemsOfSchema } from './issues.ts'
import { nearest } from './nearest.ts'
import { problemsWithPlaceholders } from './placeholders.ts'
import { configSchema, type ResolvedConfig, type TargetConfig } from './schema.ts'
import { dayOf, problemsWithWaivers } from './waivers.ts'
import { readYaml, valueAt, type YamlSource } from './yaml-source.ts'

type Config = z.output<typeof configSchema>

const stopAt = (problems: readonly Problem[]): void => {
  const [first, ...rest] = problems
  if (first !== undefined) throw configError([first, ...rest])
}

const contractOf = (name: string, contracts: readonly Contract[], source: YamlSource): Contract => {
  const known = contracts.map(({ id, version }) => `${id}@${version}`)
  const found = contracts[known.indexOf(name)]
  if (found !== undefined) return found
  const near = nearest(name, known)
  throw configError([
    {
      code: 'unknown-contract',
      where: source.where(['contract']),
      message: `the contract is unknown${near === undefined ? '' : `; did you mean ${near}?`}`,
      hint: `There are: ${known.join(', ')}.`,
    },
  ])
}

/** Files that the config names must be there now, not in the middle of a run; only the IdP's key is made when it is not. */
const problemsWithFiles = async (config: Config, folder: string, source: YamlSource): Promise<Problem[]> => {
  const { target } = config
  const consent = target.scim?.consent
  const named: [path: string[], file: string | undefined][] = [
    [['target', 'http', 'ca'], target.http.ca],
    ...(['accounts', 'admin', 'groupSync', 'outbox', 'passwordLogin'] as const).map(
      (port): [string[], string | undefined] => {
        const driver = target[port]
        return [['target', port, 'module'], driver?.driver === 'module' ? driver.module : undefined]
      },
    ),
    [['target', 'scim', 'consent', 'module'], consent?.driver === 'module' ? consent.module : undefined],
  ]
  const problems = await Promise.all(
    named.map(async ([path, file]): Promise<Problem[]> => {
      if (file === undefined) return []
      try {
        await readFile(resolve(folder, file))
        return []
      } catch {
        // As it stands in the file: what the environment put there is not shown.
        const message = `${path.join('.')}: there is no file ${valueAt(source.value, path)} in ${folder} that can be read`
        return [
          { code: 'missing-file', where: source.where(path), message, hint: 'Paths are relative to idpact.yaml.' },
        ]
      }
    }),
  )
  return problems.flat()
}

const withAbsolutePaths = (target: Config['target'], folder: string): Config['target'] => {
  const absolute = <T extends { driver: string; module?: string; writeTo?: string | undefined }>(
    driver: T | undefined,
  ): T | undefined =>
    driver && {
      ...driver,
      ...(driver.module !== undefined && { module: resolve(folder, driver.module) }),
      ...(driver.writeTo !== undefined && { writeTo: resolve(folder, driver.writeTo) }),
    }
  const ports = {
    accounts: absolute(target.accounts),
    admin: absolute(target.admin),
    groupSync: absolute(target.groupSync),
    outbox: absolute(target.outbox),
    passwordLogin: absolute(target.passwordLogin),
  }
  const { scim } = target
  const consent = scim && { scim: { ...scim, ...(scim.consent && { consent: absolute(scim.consent) }) } }
  const { ca } = target.http
  return {
    ...target,
    ...ports,
    ...consent,
    ...(target.saml?.metadata !== undefined && !/^https?:\/\//i.test(target.saml.metadata)
      ? { saml: { ...target.saml, metadata: resolve(folder, target.saml.metadata) } }
      : {}),
    http: { ...target.http, ca: ca === undefined ? undefined : resolve(folder, ca) },
  }
}

const refOf = ({ id, version, declared }: Contract): ContractRef => ({
  ...{ id, version },
  ...(declared === undefined ? {} : { declared }),
})

/**
 * Reads `idpact.yaml`: checks it against the schema and against the contract that it names, puts the environment's
 * values in the place of `${NAME}`, and makes paths absolute (they are relative to the file).
 *
 * @param file path of the file
 * @param options.env where `${NAME}` is looked up
 * @param options.contracts the contracts that there are
 * @param options.now milliseconds since the epoch: waivers expire
 * @throws ConfigError with file, line and column of each thing that is wrong, what is allowed there and the nearest name;
 *   never with a value that came from the environment
 * @example await loadConfig('idpact.yaml', { env: process.env, contracts })
 */
export const loadConfig = async (
  file: string,
  { env, contracts, now = Date.now() }: { env: Environment; contracts: readonly Contract[]; now?: number },
): Promise<ResolvedConfig> => {
  const path = resolve(file)
  const folder = dirname(path)
  const source = await readYaml(path)
  const resolved = resolveEnvironment(source, env)
  stopAt(resolved.problems)

  const parsed = configSchema.safeParse(resolved.value)
  if (!parsed.success) stopAt(problemsOfSchema(parsed.error, source))
  const config = configSchema.parse(resolved.value)

  const contract = isContractFile(config.contract)
    ? await readContractFile(resolve(folder, config.contract))
    : contractOf(config.contract, contracts, source)
  stopAt([
    ...problemsWithContract(config, contract, source),
    ...problemsWithPlaceholders(config.target, source),
    ...problemsWithWaivers(config.waivers, [contract], { source, today: dayOf(now) }),
    ...(await problemsWithFiles(config, folder, source)),
  ])

  const target: TargetConfig = { ...withAbsolutePaths(config.target, folder), secrets: resolved.secrets }
  const { keyFile } = config.idp
  return {
    file: path,
    contract: refOf(contract),
    idp: { ...config.idp, keyFile: keyFile === undefined ? undefined : resolve(folder, keyFile) },
    target,
    parameters: parametersFor(config, contract),
    allow: config.allow,
    expect: expectFor(config, contract),
    waivers: config.waivers,
    environment: config.environment,
  }
}
