import { Given } from '@cucumber/cucumber'
import { setDirectoryGroups } from '../directory.ts'
import { environmentNames } from '../environments.ts'
import { needs } from '../needs.ts'
import { changeEmail, changeProfile, personIn } from '../scene.ts'
import type { IdpactWorld } from '../world.ts'

/** Who there is, and what the directory of the mock IdP says of them. */

Given('a new user of the application', needs('acs.post'), async function (this: IdpactWorld) {
  await this.act('a new user', (scene) => void personIn(scene, 'the user'))
})

Given(
  '{person} has the role {string} in the directory',
  async function (this: IdpactWorld, name: string, role: string) {
    await this.act(`${name} has the role ${role}`, (scene) =>
      changeProfile(personIn(scene, name), { [this.attribute('role')]: role }),
    )
  },
)

Given('{person} has no role in the directory', async function (this: IdpactWorld, name: string) {
  await this.act(`${name} has no role`, (scene) =>
    changeProfile(personIn(scene, name), { [this.attribute('role')]: undefined }),
  )
})

Given(
  '{person} has the groups {names} in the directory',
  async function (this: IdpactWorld, name: string, labels: string[]) {
    await this.act(`${name} has the groups ${labels.join(', ')}`, (scene) =>
      changeProfile(personIn(scene, name), { [this.attribute('groups')]: labels.map(scene.names.group) }),
    )
  },
)

Given('{person} has no groups in the directory', async function (this: IdpactWorld, name: string) {
  await this.act(`${name} has no groups`, (scene) =>
    changeProfile(personIn(scene, name), { [this.attribute('groups')]: undefined }),
  )
})

Given(
  '{person} has the environments {names} in the directory',
  async function (this: IdpactWorld, name: string, labels: string[]) {
    const environments = environmentNames(this, labels)
    await this.act(`${name} has the environments ${labels.join(', ')}`, (scene) =>
      changeProfile(personIn(scene, name), { [this.attribute('environments')]: environments }),
    )
  },
)

Given('{person} has no environments in the directory', async function (this: IdpactWorld, name: string) {
  await this.act(`${name} has no environments`, (scene) =>
    changeProfile(personIn(scene, name), { [this.attribute('environments')]: undefined }),
  )
})

Given('{person} has no last name in the directory', async function (this: IdpactWorld, name: string) {
  await this.act(`${name} has no last name`, (scene) => changeProfile(personIn(scene, name), { lastName: undefined }))
})

Given(
  '{person} has the first name {string} in the directory',
  async function (this: IdpactWorld, name: string, firstName: string) {
    await this.act(`${name} has the first name ${firstName}`, (scene) =>
      changeProfile(personIn(scene, name), { firstName }),
    )
  },
)

Given(
  '{person} has the last name {string} in the directory',
  async function (this: IdpactWorld, name: string, lastName: string) {
    await this.act(`${name} has the last name ${lastName}`, (scene) =>
      changeProfile(personIn(scene, name), { lastName }),
    )
  },
)

Given('{person} has a new e-mail address in the directory', async function (this: IdpactWorld, name: string) {
  await this.act(`${name} has a new e-mail address`, (scene) => changeEmail(personIn(scene, name)))
})

Given(
  '{person} has the e-mail address in upper case in the directory',
  async function (this: IdpactWorld, name: string) {
    await this.act(`${name} has the e-mail address in upper case`, (scene) => {
      const person = personIn(scene, name)
      changeEmail(person, person.email.toUpperCase())
    })
  },
)

Given(
  '{person} will have the address that {person} has now',
  async function (this: IdpactWorld, name: string, other: string) {
    await this.act(`${name} gets the address of ${other}`, (scene) =>
      changeEmail(personIn(scene, name), personIn(scene, other).email),
    )
  },
)

Given('{person} has the e-mail address as username in the directory', async function (this: IdpactWorld, name: string) {
  await this.act(`${name} has the e-mail address as username`, (scene) => {
    const person = personIn(scene, name)
    changeProfile(person, { [this.attribute('username')]: person.email })
  })
})

Given(
  '{person} has the e-mail address of {person} in the directory',
  async function (this: IdpactWorld, name: string, other: string) {
    await this.deviate(`the e-mail address of ${other}`, (scene) =>
      changeEmail(personIn(scene, name), personIn(scene, other).email),
    )
  },
)

Given(
  "{person} is in the mock IdP's groups {names}",
  async function (this: IdpactWorld, name: string, labels: string[]) {
    await this.act(`${name} is in the groups ${labels.join(', ')}`, (scene) =>
      setDirectoryGroups(this, personIn(scene, name), labels.map(scene.names.group)),
    )
  },
)

// The twin stays: that it still gets in shows that the refusal is for the deletion.
Given('{person} is deleted at the mock IdP', async function (this: IdpactWorld, name: string) {
  await this.deviate(
    'deleted at the IdP',
    async (scene) => {
      const person = personIn(scene, name)
      if (person.directoryId !== undefined) await this.side(person.tenant).org.users.remove(person.directoryId)
    },
    { lasting: true },
  )
})
