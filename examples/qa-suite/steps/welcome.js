import { failed, Then } from 'idpact/steps'

Then('the user sees the page {string}', function (title) {
  if (this.last.page?.body.includes(title)) return
  throw failed({ code: 'other-page', expected: `A page with “${title}”.`, actual: `The page ${this.last.page?.url}.` })
})
