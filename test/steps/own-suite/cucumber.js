export default {
  plugin: ['../../../src/certify/cucumber-plugin.ts'],
  import: ['../../../steps/index.ts', 'own.steps.ts'],
  paths: ['own.feature'],
}
