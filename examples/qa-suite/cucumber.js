import { profile } from 'idpact/cucumber'

export default profile({
  steps: ['steps/*.js'],
  format: ['progress', 'html:reports/cucumber.html', 'junit:reports/junit.xml', 'rerun:@rerun.txt'],
})
