import { defineParameterType } from '@cucumber/cucumber'

/** Who a step is about. New names may be used freely in your own features: the first mention makes the person.
 * The outsider belongs to a second organisation at the service provider, which trusts another IdP. */
defineParameterType({
  name: 'person',
  regexp: /the user|the colleague|the newcomer|the other user|the outsider/,
  transformer: (name: string) => name,
})

/** A list in quotes: `"Design, Print"`. Empty quotes are the empty list. */
defineParameterType({
  name: 'names',
  regexp: /"([^"]*)"/,
  useForSnippets: false,
  preferForRegexpMatch: false,
  transformer: (list: string) =>
    list
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
})
