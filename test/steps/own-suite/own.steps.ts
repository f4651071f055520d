import { failed, type IdpactWorld, Then } from '../../../steps/index.ts'

Then('the user sees the page {string}', function (this: IdpactWorld, usual: string) {
  // The test of this suite asks for another title, to see it fail.
  const { title = usual } = this.parameters as { title?: string }
  if (this.last.page?.body.includes(title)) return
  throw failed({ code: 'other-page', expected: `A page with "${title}".`, actual: 'Another page.' })
})
