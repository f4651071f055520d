/** What is certified: the target of idpact.yaml, or the reference SP that idpact brings. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { ResolvedConfig, TargetConfig } from '../config/schema.ts'
import type { Contract } from '../contracts/contract.ts'
import { contractName, contractOf, contracts, findContract } from '../contracts/index.ts'
import { UsageError } from '../core/errors.ts'
import { contractIds } from '../reference-sp/contract-ids.ts'
import type { Info } from '../reference-sp/index.ts'

export interface SubjectOptions {
  /** Where idpact.yaml is looked for, and `.idpact/` is. */
  cwd: string
  env: Readonly<Record<string, string | undefined>>
  /** `--config`; idpact.yaml in `cwd` when left out, if there is one. */
  config?: string | undefined
  /** `--contract`; that of the config, or `cloudinary`, when left out. */
  contract?: string | undefined
  /** `--defect`: only for the embedded SP. */
  defects: readonly string[]
  /** A target that the command line says, whatever idpact.yaml says. */
  target?: ResolvedConfig | undefined
  /** The embedded SP, whatever idpact.yaml says. */
  embedded?: boolean | undefined
}

export type Subject =
  | { kind: 'configured'; contract: Contract; config: ResolvedConfig }
  | { kind: 'embedded'; contract: Contract; defects: readonly string[] }

/**
 * Finds out what is certified. Nothing is started.
 *
 * @throws ConfigError for a wrong idpact.yaml, with line and column; UsageError for options that don't go together
 */
export const findSubject = async (options: SubjectOptions): Promise<Subject> => {
  if (options.target !== undefined) return said(options.target, options)
  if (options.embedded === true) return embedded(options)
  const file = options.config === undefined ? join(options.cwd, 'idpact.yaml') : resolve(options.cwd, options.config)
  return options.config !== undefined || existsSync(file) ? configured(file, options) : embedded(options)
}

/**
 * All that is certified in one run: one target, or with neither a target nor a contract named, each embedded reference SP.
 *
 * @throws ConfigError and UsageError as {@link findSubject} does
 */
export const findSubjects = async (options: SubjectOptions): Promise<Subject[]> => {
  const file = join(options.cwd, 'idpact.yaml')
  const one =
    options.target !== undefined ||
    options.contract !== undefined ||
    (options.embedded !== true && (options.config !== undefined || existsSync(file)))
  if (one) return [await findSubject(options)]
  const broken = new Set(await contractsOf(options.defects))
  const ids = broken.size === 0 ? contractIds : contractIds.filter((id) => broken.has(id))
  return Promise.all(ids.map((contract) => findSubject({ ...options, contract })))
}

/** Which reference SPs have these defects; their profiles are loaded for that alone. */
const contractsOf = async (defects: readonly string[]): Promise<string[]> => {
  if (defects.length === 0) return []
  const { contractOfDefect } = await import('../reference-sp/profiles.ts')
  return defects.flatMap((id) => contractOfDefect(id) ?? [])
}

const said = (config: ResolvedConfig, { config: file, defects }: SubjectOptions): Subject => {
  if (file !== undefined || defects.length > 0)
    throw new UsageError(
      `The command line says a target, and ${file === undefined ? '--defect' : '--config'} another.`,
      {
        code: 'target-twice',
        hint: 'Leave one of the two out.',
      },
    )
  return { kind: 'configured', contract: contractOf(config.contract), config }
}

const configured = async (file: string, { env, contract, defects }: SubjectOptions): Promise<Subject> => {
  if (defects.length > 0)
    throw new UsageError('--defect breaks the embedded reference SP, but idpact.yaml names another target.', {
      code: 'defect-of-target',
      hint: `Run it in a folder without idpact.yaml; or start "idpact sp --defect ${defects[0]}" and let idpact.yaml name that.`,
    })
  const { loadConfig } = await import('../config/load.ts')
  const config = await loadConfig(file, { env, contracts })
  const own = contractOf(config.contract)
  if (contract !== undefined && (own.declared !== undefined || findContract(contract) !== own))
    throw new UsageError(`--contract ${contract} is not the contract of ${file}, which is ${contractName(own)}.`, {
      code: 'contract-mismatch',
      hint: 'Leave --contract out, or change "contract" in the file.',
    })
  return { kind: 'configured', contract: own, config }
}

const embedded = async ({ contract = 'cloudinary', defects }: SubjectOptions): Promise<Subject> => {
  if (/\.ya?ml$/i.test(contract))
    throw new UsageError(`There is no embedded reference SP for ${contract}: it is of your own service provider.`, {
      code: 'no-reference-sp',
      hint: `Write an idpact.yaml with "contract: ${contract}" and how your service provider is reached.`,
    })
  const found = findContract(contract)
  if (!contractIds.some((id) => id === found.id))
    throw new UsageError(`There is no embedded reference SP for ${contractName(found)}.`, {
      code: 'no-reference-sp',
      hint: `There is one for ${contractIds.join(', ')}. For your own SP, write an idpact.yaml.`,
    })
  return { kind: 'embedded', contract: found, defects }
}

/** The embedded SP as if it stood in idpact.yaml: everything is known of it, and the contract's defaults hold. */
export const configOfReferenceSp = async (
  info: Info,
  contract: Contract,
  outboxPort: number,
): Promise<Pick<ResolvedConfig, 'target' | 'parameters' | 'allow' | 'expect'>> => {
  const { referenceTargetConfig } = await import('../target/drivers/reference.ts')
  const target: TargetConfig = referenceTargetConfig(info, { outboxPort })
  return {
    target,
    parameters: info.parameters,
    allow: [],
    expect: {
      ...Object.fromEntries(Object.entries(contract.expect).map(([knob, { default: value }]) => [knob, value])),
      ...info.expect,
    },
  }
}
