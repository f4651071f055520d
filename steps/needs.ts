import type { Verb } from '../src/target/ports.ts'

/**
 * What a step needs of the target, as options of its definition: the plan reads them and so knows, before anything runs,
 * which scenarios a target cannot show. Your own steps may use it too.
 *
 * @example When('the user logs in', needs('acs.post', 'session.whoAmI'), async function (this: IdpactWorld) { … })
 */
export const needs = (...verbs: Verb[]): { wrapperOptions: { needs: Verb[] } } => ({ wrapperOptions: { needs: verbs } })
