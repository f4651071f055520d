import { profile } from '../../../src/cucumber/index.ts'

export default profile({ paths: ['own.feature'], steps: ['own.steps.ts'], out: process.env.OWN_SUITE_OUT })
