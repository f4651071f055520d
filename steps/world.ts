import { setWorldConstructor, World } from '@cucumber/cucumber'
import type { ScimAnswer } from '../mock-idp/admin/provisioning-shapes.ts'
import type { Application } from '../mock-idp/admin/schema.ts'
import type { Contract, ContractDirectory } from '../src/contracts/contract.ts'
import { contractName, contractOf } from '../src/contracts/index.ts'
import type { Finding, LoginEvidence, Observation } from '../src/core/evidence.ts'
import { mediaTypes } from '../src/core/evidence.ts'
import { randomBase62 } from '../src/core/ids.ts'
import type { ConsentOutcome, Refused, TokenAnswer, Verb } from '../src/target/ports.ts'
import type { RunContext } from '../src/target/run-context.ts'
import type { UserAgent } from '../src/target/user-agent.ts'
import { contextOf } from './context.ts'
import type { ApplicationOptions } from './directory.ts'
import { ordinaryApplication, samlSettingsFor } from './directory.ts'
import type { Attempt, LoginWay } from './login.ts'
import { logInBySaml, postAgain } from './login.ts'
import type { IdpAnswer } from './mock-idp.ts'
import { namesOf } from './names.ts'
import type { StepFailure } from './outcome.ts'
import { inconclusive, notObservable } from './outcome.ts'
import { logInByPassword } from './password.ts'
import type { Run, Side } from './run.ts'
import { openRun } from './run.ts'
import type { Canary } from './saml/canary.ts'
import type { SentLogout } from './saml/logout.ts'
import { chooseShape, faultInfo, noEncryptionKey, shapesOf } from './saml/shape.ts'
import type { Person, PlannedFault, Scene } from './scene.ts'
import { newScene, personIn } from './scene.ts'
import type { Act, Deviation } from './script.ts'
import { catchUp } from './script.ts'
import type { SavedMetadata } from './sso-setup.ts'
import { mustHaveBeenAccepted } from './verdict.ts'

type LogIn = (person: Person, role: LoginEvidence['role']) => Promise<Attempt>

/** What one scenario knows and does. Steps are one-line bindings to it. */
export class IdpactWorld extends World<{ idpact?: RunContext }> {
  /** What all scenarios of this process share; there from the Before hook on. */
  private opened: Run | undefined
  readonly context: RunContext
  readonly contract: Contract
  private readonly key = randomBase62(6).toLowerCase()
  /** The scenario itself. */
  readonly main: Scene
  private twinScene: Scene | undefined
  private readonly script: Act[] = []
  private deviations: Deviation[] = []
  private readonly controlled = new Set<Attempt>()
  private control: (() => Promise<Attempt>) | undefined
  private readonly twinsLetIn = new Map<string, Person>()
  private lastAttempt: Attempt | undefined
  readonly attempts: Attempt[] = []
  /** The last login of each person that a scenario starts from. */
  private readonly lastLogins = new Map<Person, Attempt>()
  /** What the SP said when a mapping was made, or Group Sync was turned on. */
  groupSyncAnswer: Refused | 'done' | undefined
  /** Mappings that the scenario made. */
  readonly madeMappings: string[] = []
  /** What came of a test of the connector: undefined, or what was wrong. */
  connectorTest: { problem: string | undefined } | undefined
  /** What came of saving metadata at the SP. */
  savedMetadata: SavedMetadata | undefined

  applicationOptions: ApplicationOptions = ordinaryApplication
  private applicationMade: Promise<Application> | undefined
  /** The application of the other organisation's IdP. */
  private applicationOfB: Promise<Application> | undefined
  private readonly directoryGroups = new Map<string, Promise<string>>()
  readonly madeUsers: string[] = []
  readonly madeUsersOfB: string[] = []
  /** Orgs of the mock IdP that are the scenario's own. */
  readonly madeOrgs: string[] = []
  /** What steps noted, to be compared with later. */
  readonly notes = new Map<string, string>()
  /** SP clock minus ours, as its last answer showed. */
  spClockOffsetMs = 0
  /** What the mock IdP answered to a request that a step made itself. */
  idpAnswer: IdpAnswer | undefined
  /** Whether the step that runs is one of those that say what the scenario starts from. */
  inContext = false
  /** What the SCIM server answered to a call that a step made itself. */
  scimAnswer: ScimAnswer | undefined
  /** How a consent ended, and what the token endpoint then answered. */
  consentOutcome: ConsentOutcome | undefined
  tokenAnswer: TokenAnswer | undefined
  /** Whom a forged message names. */
  forgedIdentity: string | undefined
  /** What nothing in a message may make the SP call or read. */
  canary: Canary | undefined
  /** The metadata of the SP, once a step has read them. */
  spMetadata: string | undefined
  /** The LogoutRequest that the mock IdP last sent. */
  logout: SentLogout | undefined
  /** Cookies that somebody put into the browser of the user before the login. */
  planted: Readonly<Record<string, string>> | undefined
  /** The last good login of a twin before the probe. */
  lastTwin: Attempt | undefined
  /** Where the journal of the mock IdP stood when the scenario began, once a step asked for it. */
  journalStart = 0

  constructor(options: ConstructorParameters<typeof World<{ idpact?: RunContext }>>[0]) {
    super(options)
    this.context = contextOf(this.parameters)
    this.contract = contractOf(this.context.contract)
    this.main = newScene(namesOf(this.context, this.key), false, this.contract)
  }

  async open(): Promise<void> {
    this.opened = await openRun(this.context)
  }

  get sentLogout(): SentLogout {
    return this.logout ?? noStep('has sent a LogoutRequest')
  }

  get answered(): ScimAnswer {
    return this.scimAnswer ?? noStep('has called the SCIM server')
  }

  get saved(): SavedMetadata {
    return this.savedMetadata ?? noStep('has saved metadata')
  }

  get consented(): ConsentOutcome {
    return this.consentOutcome ?? noStep('has gone through a consent')
  }

  /** The code that the last consent gave. */
  get code(): string | undefined {
    const { callback } = this.consented
    return callback === undefined ? undefined : (new URL(callback).searchParams.get('code') ?? undefined)
  }

  get tokens(): Readonly<Record<string, unknown>> {
    return (this.tokenAnswer ?? noStep('has asked for tokens')).body
  }

  get run(): Run {
    if (this.opened === undefined) throw new Error('The Before hook of idpact did not run.')
    return this.opened
  }

  /** Somebody of the scenario, by the name that Gherkin uses. */
  person(name: string): Person {
    return personIn(this.main, name)
  }

  newBrowser(): UserAgent {
    return this.run.newBrowser()
  }

  /** Something that the main scene does now, and the twin later: the same unless said otherwise. */
  async act(title: string, play: Act['play'], twin: Act['twin'] = 'same'): Promise<void> {
    this.script.push({ title, play, twin })
    await play(this.main)
  }

  /** Something that is wrong about the next login, and that the twin does without, or does right (`instead`). */
  async deviate(
    title: string,
    play: Act['play'],
    { lasting = false, instead = 'skip' }: { lasting?: boolean; instead?: Act['twin'] } = {},
  ): Promise<void> {
    this.deviations.push({ title, lasting })
    await this.act(title, play, instead)
  }

  /** Plans a mistake of the mock IdP for the person's next login. Values may depend on the scene. */
  async planFault(name: string, fault: string, params: (scene: Scene) => PlannedFault['params'] = () => ({})) {
    if (this.contract.discoversShape === true) await this.shapeFor((await faultInfo(this, fault)) ?? {})
    await this.deviate(`the mock IdP makes the mistake ${fault}`, (scene) => {
      personIn(scene, name).faults.push({ fault, params: params(scene) })
    })
  }

  /** Plans a message that names somebody else than the user. */
  async forge(fault: string, identity: string): Promise<void> {
    this.forgedIdentity = identity
    await this.planFault('the user', fault, () => ({ identity }))
  }

  /** Lets the application sign this and nothing else. @throws StepFailure `not-applicable` where the SP takes no such message */
  async signOnly(what: 'assertion' | 'response'): Promise<void> {
    this.fixedShape = what
    await this.shapeFor({ signed: what })
  }

  /** Lets the application encrypt. @throws StepFailure `not-applicable` where the SP publishes no key */
  async encrypt(): Promise<void> {
    await this.shapeFor()
    if (this.run.target.acs.encryptionKey === undefined) throw noEncryptionKey()
    await this.changeApplication({ encrypted: true })
  }

  private shaped = false
  private fixedShape: 'assertion' | 'response' | undefined
  /** Lets the application sign what the SP accepts; of that, what a mistake needs. */
  async shapeFor(wanted: Parameters<typeof chooseShape>[1] = {}): Promise<void> {
    await chooseShape(this, this.fixedShape === undefined ? wanted : { signed: this.fixedShape })
    this.shaped = true
  }

  /** The login that later steps speak of. */
  get last(): Attempt {
    if (this.lastAttempt !== undefined) return this.lastAttempt
    throw inconclusive({
      code: 'no-login',
      expected: 'A step of the scenario has logged somebody in.',
      actual: 'Nobody has logged in yet.',
      hint: 'Add a step such as "When the user logs in".',
    })
  }

  /** The last login of this person. */
  lastOf(name: string): Attempt {
    const person = this.person(name)
    return this.attempts.findLast((attempt) => attempt.person === person) ?? this.last
  }

  /** A login by SAML; the step after it says what must come of it. */
  async logIn(name: string, way: Partial<LoginWay> = {}, twinWay = way): Promise<void> {
    const ordinary = await this.ordinaryWay()
    await this.probe(name, (person, role) =>
      logInBySaml(this, person, { ...ordinary, ...(role === 'probe' ? way : twinWay) }, role),
    )
  }

  /** The Response of the person's last login, posted by another browser; the twin logs in anew. */
  async postOnceMore(name: string): Promise<void> {
    const before = this.lastLogins.get(this.person(name))
    if (before === undefined)
      throw inconclusive({ code: 'no-login', expected: `${name} has logged in before.`, actual: 'Nobody has.' })
    await this.deviate('a Response that was used before', () => {})
    const ordinary = await this.ordinaryWay()
    await this.probe(name, (person, role) =>
      role === 'probe' ? postAgain(this, before, role) : logInBySaml(this, person, ordinary, role),
    )
  }

  async logInWithPassword(name: string): Promise<void> {
    await this.probe(name, (person, role) => logInByPassword(this, person, role))
  }

  private async ordinaryWay(): Promise<LoginWay> {
    if (this.contract.discoversShape === true) {
      if (!this.shaped) await this.shapeFor()
      return { flow: (await shapesOf(this)).flow }
    }
    const flow = this.context.expect['saml.flow']
    return { flow: flow === 'sp-initiated' ? 'sp-initiated' : 'idp-initiated' }
  }

  /** A good login of the past: part of what the scenario starts from. */
  async haveLoggedIn(name: string, way: Partial<LoginWay> = {}): Promise<void> {
    const ordinary = await this.ordinaryWay()
    await this.act(`${name} has logged in`, async (scene) => {
      const person = personIn(scene, name)
      const attempt = await logInBySaml(this, person, { ...ordinary, ...way }, 'setup')
      this.lastLogins.set(person, attempt)
      mustHaveBeenAccepted(attempt, `${name}, in a login that the scenario starts from,`, 'setup-login-refused')
    })
  }

  /**
   * One login with its twin around it. What deviates is in the main scene only: the twin, who has the same history, must be
   * let in before; and after a refusal once more, which shows that the SP did not refuse because it was down.
   */
  private async probe(name: string, logIn: LogIn): Promise<void> {
    const deviates = this.deviations.length > 0
    if (deviates) {
      this.twinScene ??= newScene(namesOf(this.context, `${this.key}t`, this.key), true, this.contract)
      await catchUp(this.twinScene, this.script)
      const first = await logIn(personIn(this.twinScene, name), 'twin')
      // What another scenario sent may have broken the SP just now: a good login that met that is made once more.
      const hasMetCrash = first.verdict.kind === 'rejected' && first.verdict.crash !== undefined
      const twin = hasMetCrash ? await logIn(personIn(this.twinScene, name), 'twin') : first
      mustHaveBeenAccepted(twin, `The twin of ${name}, without ${this.deviationTitles()},`, 'twin-not-accepted')
      this.twinsLetIn.set(name, twin.person)
      this.lastTwin = twin
    }
    const attempt = await logIn(this.person(name), 'probe')
    this.lastAttempt = attempt
    this.attempts.push(attempt)
    if (attempt.verdict.kind === 'rejected') await this.checkAlive(attempt, name, logIn, deviates)
    this.script.push({
      title: `${name} logs in`,
      play: async (scene) => void (await logIn(personIn(scene, name), 'setup')),
      twin: 'same',
    })
    if (deviates && this.twinScene) this.twinScene.played = this.script.length
    this.deviations = this.deviations.filter(({ lasting }) => lasting)
  }

  private async checkAlive(attempt: Attempt, name: string, logIn: LogIn, deviates: boolean): Promise<void> {
    const good =
      deviates && this.twinScene ? await logIn(personIn(this.twinScene, name), 'alive') : await this.control?.()
    if (good === undefined) return
    mustHaveBeenAccepted(good, 'A good login after the refused one', 'not-alive-afterwards')
    this.controlled.add(attempt)
  }

  private deviationTitles(): string {
    return this.deviations.map(({ title }) => title).join(' and ')
  }

  /** Whether a good login of the same kind was let in before this refused one and after it. */
  hasControl(attempt: Attempt): boolean {
    return this.controlled.has(attempt)
  }

  /** The person's twin, if it was let in: then the SP must have an account for it. */
  twinOf({ name, scene }: Person): Person | undefined {
    return scene === this.main ? this.twinsLetIn.get(name) : undefined
  }

  /**
   * A login of another kind that stands in for the twin, where the setting under test lets no SAML login in at all. It is
   * tried now, and again after each refusal.
   */
  async setControl(logIn: () => Promise<Attempt>): Promise<void> {
    mustHaveBeenAccepted(await logIn(), 'A login of another kind', 'control-not-accepted')
    this.control = logIn
  }

  /** The scenario's own application on the registration that the SP trusts. */
  async application(tenant: Person['tenant'] = 'a'): Promise<Application> {
    if (tenant === 'b') {
      this.applicationOfB ??= this.createApplication(this.side('b'), ordinaryApplication)
      return this.applicationOfB
    }
    this.applicationMade ??= this.createApplication(this.run, this.applicationOptions)
    return this.applicationMade
  }

  private createApplication(side: Side, options: ApplicationOptions): Promise<Application> {
    return side.org.applications.create({
      label: `${this.main.names.prefix}app`,
      registrationId: side.registration.id,
      saml: samlSettingsFor(this.contract, side.target, side.parameters, options),
    })
  }

  /** The organisation at the SP, and the IdP, that somebody belongs to. */
  side(tenant: Person['tenant']): Side {
    const side = tenant === 'b' ? this.run.b : this.run
    if (side === undefined) throw this.lacks('tenantB.login')
    return side
  }

  /** Takes the person from the application's access list at the mock IdP; the twin stays on it. */
  async unassign(name: string): Promise<void> {
    await this.deviate(
      'access removed in the IdP',
      async (scene) => {
        const person = personIn(scene, name)
        person.assigned = false
        if (person.directoryId !== undefined)
          await this.side(person.tenant).org.applications.unassignUser(
            (await this.application(person.tenant)).id,
            person.directoryId,
          )
      },
      { lasting: true },
    )
  }

  /** Changes the application, also when it is there already. */
  async changeApplication(change: Partial<ApplicationOptions>): Promise<void> {
    this.applicationOptions = { ...this.applicationOptions, ...change }
    if (this.applicationMade === undefined) return
    const { org, target, parameters } = this.run
    const saml = samlSettingsFor(this.contract, target, parameters, this.applicationOptions)
    this.applicationMade = org.applications.update((await this.applicationMade).id, { saml })
  }

  get applicationIfMade(): Promise<Application> | undefined {
    return this.applicationMade
  }

  get applicationOfBIfMade(): Promise<Application> | undefined {
    return this.applicationOfB
  }

  /** The id of a group of the mock IdP's directory, made when first spoken of. */
  async directoryGroup(name: string): Promise<string> {
    const found =
      this.directoryGroups.get(name) ?? this.run.org.groups.create({ profile: { name } }).then(({ id }) => id)
    this.directoryGroups.set(name, found)
    return found
  }

  get directoryGroupIds(): Promise<string[]> {
    return Promise.all(this.directoryGroups.values())
  }

  /** What the scenario may have made at the SP. */
  readonly made = { accounts: new Set<string>(), accountsOfB: new Set<string>(), groups: new Set<string>() }

  /** Writes an account into the ledger before a request may make it, because this process may not live to see it. */
  async expectAccount(person: Person): Promise<void> {
    const ofB = person.tenant === 'b'
    const made = ofB ? this.made.accountsOfB : this.made.accounts
    if (person.fixture || made.has(person.email) || this.isLent(person)) return
    made.add(person.email)
    if (this.context.disposable === true) return
    await this.run.ledger.record({ kind: 'account', name: person.email, ...(ofB ? { tenant: 'b' } : {}) })
  }

  /** An account that the user of idpact has named: it stays. */
  private isLent({ email }: Person): boolean {
    const { user, victim } = this.context.users
    return email === user || email === victim
  }

  async expectGroup(name: string): Promise<void> {
    if (this.made.groups.has(name)) return
    this.made.groups.add(name)
    if (this.context.disposable !== true) await this.run.ledger.record({ kind: 'group', name })
  }

  /** Everything that a login of this person may make. */
  async expectMade(person: Person): Promise<void> {
    const { groups: attribute = '' } = this.contract.directory
    const named = person.profile[attribute] ?? []
    const groups = [named, person.directoryGroups].flat()
    await Promise.all([this.expectAccount(person), ...groups.map((group) => this.expectGroup(group))])
  }

  attachLogin(login: LoginEvidence): void {
    this.attach(JSON.stringify(login), mediaTypes.login)
  }

  attachFinding(finding: Finding): void {
    this.attach(JSON.stringify(finding), mediaTypes.finding)
  }

  attachObservation(observation: Observation): void {
    this.attach(JSON.stringify(observation), mediaTypes.observation)
  }

  /**
   * The attribute of the directory that has somebody's role, groups or environments.
   *
   * @throws StepFailure `inconclusive` where the contract has none
   */
  attribute(of: keyof ContractDirectory): string {
    const name = this.contract.directory[of]
    if (name !== undefined) return name
    throw inconclusive({
      code: 'not-in-contract',
      expected: `The contract ${contractName(this.contract)} says which attribute of the directory is the ${of}.`,
      actual: 'It does not.',
      hint: 'Add it to `directory` of the contract, or leave this step out.',
    })
  }

  /** The failure of a step whose verb the target does not have. */
  lacks(verb: Verb): StepFailure {
    return notObservable({
      code: 'verb-missing',
      expected: `The target has ${verb}.`,
      actual: 'It has not.',
      hint: this.run.target.howToProvide(verb),
    })
  }
}

const noStep = (what: string): never => {
  throw inconclusive({
    code: 'step-missing',
    expected: `A step before this one ${what}.`,
    actual: 'None has.',
  })
}

setWorldConstructor(IdpactWorld)
