@saml
Feature: {{title}}: what a refused login leaves behind
  How the browser is told, and that nothing else has happened.

  {{#rules.refusalStatus}}
  @{{id}}
  Rule: {{statement}}

    Scenario Outline: The refusal of a login with the mistake "<mistake>"
      Given a new user of the application
      And the mock IdP makes the mistake "<mistake>"
      When the user logs in
      Then the service provider answers the refusal with status {{refusalStatus}}
      And the service provider answers the refusal with a text

      Examples:
        | mistake |
        {{#mistakes}}
        | {{.}} |
        {{/mistakes}}

    {{#anyMandatory}}
    Scenario: The refusal of a login without a mandatory attribute
      Given a new user of the application
      And the mock IdP leaves out the attribute "{{anyMandatory}}"
      When the user logs in
      Then the service provider answers the refusal with status {{refusalStatus}}
      And the service provider answers the refusal with a text
    {{/anyMandatory}}
  {{/rules.refusalStatus}}

  {{#rules.errorNamed}}
  @{{id}}
  Rule: {{statement}}

    Scenario Outline: A missing <attribute> is named by a code and a description
      Given a new user of the application
      And the mock IdP leaves out the attribute "<attribute>"
      When the user logs in
      Then the service provider names an error code and a description

      Examples:
        | attribute |
        {{#mandatory}}
        | {{attribute}} |
        {{/mandatory}}

    Scenario: Different causes have different codes
      Given a new user of the application
      And the mock IdP leaves out the attribute "{{anyMandatory}}"
      When the user logs in
      Then the service provider names an error code and a description
      Given the mock IdP makes the mistake "wrong-audience"
      When the user logs in
      Then the service provider names another error code than before
  {{/rules.errorNamed}}

  {{#rules.noSideEffect}}
  @{{id}}
  Rule: {{statement}}

    Scenario Outline: A first login with the mistake "<mistake>" makes nothing
      Given a new user of the application
      {{#groupsAttribute}}
      {{#roles.default}}
      And the user has the role "{{roles.default}}" in the directory
      {{/roles.default}}
      And the user has the groups "Unborn" in the directory
      {{/groupsAttribute}}
      And the mock IdP makes the mistake "<mistake>"
      When the user logs in and is refused
      Then the service provider has no account for the user
      {{#groupsAttribute}}
      And the service provider has no group "Unborn"
      {{/groupsAttribute}}

      Examples:
        | mistake |
        {{#mistakesWithPayload}}
        | {{.}} |
        {{/mistakesWithPayload}}

    {{#anyMandatory}}
    Scenario: A first login without a mandatory attribute makes nothing
      Given a new user of the application
      {{#groupsAttribute}}
      {{#roles.default}}
      And the user has the role "{{roles.default}}" in the directory
      {{/roles.default}}
      And the user has the groups "Unborn" in the directory
      {{/groupsAttribute}}
      And the mock IdP leaves out the attribute "{{anyMandatory}}"
      When the user logs in and is refused
      Then the service provider has no account for the user
      {{#groupsAttribute}}
      And the service provider has no group "Unborn"
      {{/groupsAttribute}}

    {{/anyMandatory}}
    Scenario: A later login that is refused changes nothing
      Given a new user of the application
      {{#roleAttribute}}
      And the user has the role "{{roles.one}}" in the directory
      {{/roleAttribute}}
      And the user has logged in before
      And an administrator has noted the account of the user
      {{#roleAttribute}}
      And the user has the role "{{roles.other}}" in the directory
      {{/roleAttribute}}
      And the user has the first name "Renamed" in the directory
      And the mock IdP makes the mistake "wrong-audience"
      When the user logs in and is refused
      Then the service provider has left the account of the user as it was
  {{/rules.noSideEffect}}
