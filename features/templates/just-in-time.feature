@provisioning
Feature: {{title}}: accounts are made and kept up to date by logins
  Somebody who logs in for the first time gets an account, with what the assertion says. Later logins keep it up to date.

  {{#rules.create}}
  @{{id}}
  Rule: {{statement}}

    @smoke
    Scenario: Somebody unknown logs in
      Given a new user of the application
      When the user logs in
      Then the service provider logs the user in
      And the service provider has an account for the user

    Scenario: The account has the name and the address of the assertion
      Given a new user of the application
      When the user logs in
      Then the service provider shows the user with the name of the directory
      And the service provider shows the user with the e-mail address of the directory

    Scenario: A name beyond plain letters arrives as it was sent
      Given a new user of the application
      And the user has the first name "Ægir 李雷 <b>&amp;" in the directory
      And the user has the last name "D'Ártagnan \"The Third\" 🎩" in the directory
      When the user logs in
      Then the service provider logs the user in
      And the service provider shows the user with the name of the directory

    Scenario: Two people who log in get an account each
      Given a new user of the application
      And the colleague has logged in before
      When the user logs in
      Then the service provider logs the user in
      And the service provider has an account for the user
      And the service provider has an account for the colleague
      And the service provider has at most 2 accounts for the people of this scenario
  {{/rules.create}}

  {{#rules.exact}}
  @{{id}}
  Rule: {{statement}}

    Scenario: The account has the name, the address and the role of the assertion
      Given a new user of the application
      And the user has the role "{{roles.one}}" in the directory
      When the user logs in
      Then the service provider shows the user with the name of the directory
      And the service provider shows the user with the e-mail address of the directory
      And the service provider shows the user with the role "{{roles.one}}"

    Scenario: A name of several words arrives whole
      Given a new user of the application
      And the user has the first name "Anna Maria" in the directory
      And the user has the last name "van der Berg-Lopez" in the directory
      When the user logs in
      Then the service provider shows the user with the name of the directory
  {{/rules.exact}}

  {{#rules.oneAccount}}
  @{{id}}
  Rule: {{statement}}

    Scenario: A second login uses the account of the first
      Given a new user of the application
      And the user has logged in before
      And an administrator has noted the account of the user
      And the user has the last name "Married" in the directory
      When the user logs in
      Then the service provider still uses the same account for the user
      And the service provider lists the user once

    {{#identityIsNameId}}
    Scenario: The NameID is missing
      Given a new user of the application
      And the mock IdP makes the mistake "missing-name-id"
      When the user logs in
      Then the service provider refuses the login
      And the service provider has no account for the user
    {{/identityIsNameId}}
  {{/rules.oneAccount}}

  {{#rules.modify}}
  @{{id}}
  Rule: {{statement}}

    Scenario: A second login changes the role and the name
      Given a new user of the application
      And the user has the role "{{roles.one}}" in the directory
      And the user has logged in before
      And the user has the role "{{roles.other}}" in the directory
      And the user has the first name "Renamed" in the directory
      When the user logs in
      Then the service provider logs the user in
      And the service provider shows the user with the role "{{roles.other}}"
      And the service provider shows the user with the name of the directory
      And the service provider has an account for the user
  {{/rules.modify}}

  {{#rules.updates}}
  @{{id}}
  Rule: {{statement}}

    {{#ofNames}}
    Scenario: The first name changes
      Given a new user of the application
      And the user has logged in before
      And the user has the first name "Renamed" in the directory
      When the user logs in
      Then the service provider shows the user with the name of the directory

    Scenario: The last name changes
      Given a new user of the application
      And the user has logged in before
      And the user has the last name "Married" in the directory
      When the user logs in
      Then the service provider shows the user with the name of the directory
    {{/ofNames}}

    {{#ofRoles}}
    Scenario: The role changes
      Given a new user of the application
      And the user has the role "{{roles.one}}" in the directory
      And the user has logged in before
      And the user has the role "{{roles.other}}" in the directory
      When the user logs in
      Then the service provider shows the user with the role "{{roles.other}}"

    @consent:admin-accounts
    Scenario: An administrator is demoted
      Given a new user of the application
      And the user has the role "{{roles.strongest}}" in the directory
      And the user has logged in before
      And the user has the role "{{roles.least}}" in the directory
      When the user logs in
      Then the service provider shows the user with the role "{{roles.least}}"

    {{/ofRoles}}
    {{#ofSession}}
    Scenario: The session has the role of this login
      Given a new user of the application
      And the user has the role "{{roles.one}}" in the directory
      And the user has logged in before
      And the user has the role "{{roles.other}}" in the directory
      When the user logs in
      Then the service provider says that the user is logged in with the role "{{roles.other}}"

    {{/ofSession}}
    {{#ofAbsent}}
    @expect:saml.absentOptional=keep
    Scenario: A role that is no longer sent is kept
      Given a new user of the application
      And the user has the role "{{roles.one}}" in the directory
      And the user has logged in before
      And the user has no role in the directory
      When the user logs in
      Then the service provider shows the user with the role "{{roles.one}}"

    @expect:saml.absentOptional=reset
    Scenario: A role that is no longer sent becomes the default
      Given a new user of the application
      And the user has the role "{{roles.one}}" in the directory
      And the user has logged in before
      And the user has no role in the directory
      When the user logs in
      Then the service provider shows the user with the role "{{roles.default}}"

    @expect:saml.absentOptional=unchecked
    Scenario: A role that is no longer sent
      Given a new user of the application
      And the user has the role "{{roles.one}}" in the directory
      And the user has logged in before
      And the user has no role in the directory
      When the user logs in
      Then what the service provider shows as the role of the user is noted, not judged
    {{/ofAbsent}}
  {{/rules.updates}}

  {{#rules.lastNameOptional}}
  @{{id}}
  Rule: {{statement}}

    Scenario: Somebody without a last name logs in
      Given a new user of the application
      And the user has no last name in the directory
      When the user logs in
      Then the service provider logs the user in
      And the service provider has an account for the user
  {{/rules.lastNameOptional}}

  {{#mandatoryRules}}
  @{{rule.id}}
  Rule: {{rule.statement}}

    Scenario: {{attribute}} is missing at the first login
      Given a new user of the application
      And the mock IdP leaves out the attribute "{{attribute}}"
      When the user logs in
      Then the service provider refuses the login
      And the service provider has no account for the user
  {{/mandatoryRules}}

  {{#rules.mandatoryFirst}}
  @{{id}}
  Rule: {{statement}}

    Scenario Outline: <attribute> is missing at the first login
      Given a new user of the application
      And the mock IdP leaves out the attribute "<attribute>"
      When the user logs in
      Then the service provider refuses the login
      And the service provider has no account for the user

      Examples:
        | attribute |
        {{#mandatory}}
        | {{attribute}} |
        {{/mandatory}}
  {{/rules.mandatoryFirst}}

  {{#rules.mandatoryAlways}}
  @{{id}}
  Rule: {{statement}}

    Scenario Outline: <attribute> is missing at the second login
      Given a new user of the application
      {{#roleAttribute}}
      And the user has the role "{{roles.one}}" in the directory
      {{/roleAttribute}}
      And the user has logged in before
      And an administrator has noted the account of the user
      {{#roleAttribute}}
      And the user has the role "{{roles.other}}" in the directory
      {{/roleAttribute}}
      {{#withoutRoles}}
      And the user has the first name "Renamed" in the directory
      {{/withoutRoles}}
      And the mock IdP leaves out the attribute "<attribute>"
      When the user logs in
      Then the service provider refuses the login
      And the service provider has left the account of the user as it was

      Examples:
        | attribute |
        {{#mandatory}}
        | {{attribute}} |
        {{/mandatory}}

    Scenario: After a refused login a complete one works again
      Given a new user of the application
      And the user has logged in before
      And the mock IdP leaves out the attribute "{{anyMandatory}}"
      When the user logs in
      Then the service provider refuses the login
      When the user logs in
      Then the service provider logs the user in

    @expect:saml.emptyMandatory=reject
    Scenario Outline: <attribute> is there but empty
      Given a new user of the application
      And the mock IdP sends the attribute "<attribute>" empty
      When the user logs in
      Then the service provider refuses the login
      And the service provider has no account for the user

      Examples:
        | attribute |
        {{#mandatory}}
        | {{attribute}} |
        {{/mandatory}}

    @expect:saml.emptyMandatory=unchecked
    Scenario: {{anyMandatory}} is there but empty, which the documentation does not speak of
      Given a new user of the application
      And the mock IdP sends the attribute "{{anyMandatory}}" empty
      When the user logs in
      Then what the service provider did about "{{anyMandatory}} sent empty" is noted, not judged
  {{/rules.mandatoryAlways}}

  {{#rules.nameCase}}
  @{{id}}
  Rule: {{statement}}

    Scenario: An attribute under another name is no attribute
      Given a new user of the application
      And the mock IdP renames the attribute "{{anyMandatory}}" to "idpact-other"
      When the user logs in
      Then the service provider refuses the login

    Scenario Outline: The name of <attribute> is in lower case
      Given a new user of the application
      And the mock IdP writes the name of the attribute "<attribute>" in lower case
      When the user logs in
      Then the service provider refuses the login
      And the service provider has no account for the user

      Examples:
        | attribute |
        {{#mandatory}}
        | {{attribute}} |
        {{/mandatory}}

    {{#roleAttribute}}
    Scenario: A role under a name in lower case is not applied
      Given a new user of the application
      And the user has the role "{{roles.one}}" in the directory
      And the mock IdP writes the name of the attribute "{{roleAttribute}}" in lower case
      When the user logs in
      Then the service provider does not show the user with the role "{{roles.one}}"
    {{/roleAttribute}}
  {{/rules.nameCase}}

  {{#rules.valueCase}}
  @{{id}}
  Rule: {{statement}}

    Scenario Outline: The role <role> in upper case gives nobody that role
      Given a new user of the application
      And the user has the role "<role>" in the directory
      And the mock IdP writes the values of the attribute "{{roleAttribute}}" in upper case
      When the user logs in
      Then the service provider does not show the user with the role "<role>"

      Examples:
        | role |
        | {{roles.one}} |

      @consent:admin-accounts
      Examples: administrators
        | role |
        | {{roles.strongest}} |
        | {{roles.second}} |

    {{#groupsAttribute}}
    Scenario: Two groups whose names differ in case are two groups
      Given a new user of the application
      And the service provider has the group "Design"
      And the user has the role "{{roles.default}}" in the directory
      And the user has the groups "design" in the directory
      When the user logs in
      Then the service provider shows the user in exactly the groups "design"
      And the group "Design" has no members

    {{/groupsAttribute}}
    {{#environmentsAttribute}}
    Scenario: An environment in upper case gives no access to the one in lower case
      Given a new user of the application
      And the user has the environments "first" in the directory
      And the mock IdP writes the values of the attribute "{{environmentsAttribute}}" in upper case
      When the user logs in
      Then the service provider does not show the user with access to the environments "first"

    {{/environmentsAttribute}}
    @expect:saml.emailCase=insensitive
    Scenario: The e-mail address in upper case is the same account
      Given a new user of the application
      And the user has logged in before
      And an administrator has noted the account of the user
      And the user has the e-mail address in upper case in the directory
      When the user logs in
      Then the service provider still uses the same account for the user

    @expect:saml.emailCase=unchecked
    Scenario: The e-mail address in upper case
      Given a new user of the application
      And the user has logged in before
      And the user has the e-mail address in upper case in the directory
      When the user logs in
      Then what the service provider did about "an e-mail address in upper case" is noted, not judged
  {{/rules.valueCase}}

  {{#rules.defaultRole}}
  @{{id}}
  Rule: {{statement}}

    @smoke
    Scenario: No role is sent
      Given a new user of the application
      And the user has no role in the directory
      When the user logs in
      Then the service provider logs the user in
      And the service provider shows the user with the role "{{roles.default}}"
  {{/rules.defaultRole}}

  {{#rules.roleValues}}
  @{{id}}
  Rule: {{statement}}

    Scenario Outline: The role <role>
      Given a new user of the application
      And the user has the role "<role>" in the directory
      When the user logs in
      Then the service provider logs the user in
      And the service provider shows the user with the role "<role>"

      Examples:
        | role |
        {{#roles.ordinary}}
        | {{.}} |
        {{/roles.ordinary}}

      @consent:admin-accounts
      Examples: administrators
        | role |
        {{#roles.administrators}}
        | {{.}} |
        {{/roles.administrators}}
  {{/rules.roleValues}}

  {{#rules.unknownRole}}
  @{{id}}
  Rule: {{statement}}

    @expect:saml.unknownRole=reject
    Scenario Outline: The unknown role "<role>" is refused at the first login
      Given a new user of the application
      And the mock IdP sends "<role>" in the attribute "{{roleAttribute}}"
      When the user logs in
      Then the service provider refuses the login
      And the service provider has no account for the user

      Examples:
        | role |
        {{#roles.unknown}}
        | {{.}} |
        {{/roles.unknown}}

    @expect:saml.unknownRole=reject
    Scenario: The known role with a space after it is refused
      Given a new user of the application
      And the mock IdP sends "{{roles.one}} " in the attribute "{{roleAttribute}}"
      When the user logs in
      Then the service provider refuses the login
      And the service provider has no account for the user

    {{#roles.default}}
    @expect:saml.unknownRole=default
    Scenario Outline: The unknown role "<role>" gives the default role
      Given a new user of the application
      And the mock IdP sends "<role>" in the attribute "{{roleAttribute}}"
      When the user logs in
      Then the service provider logs the user in
      And the service provider shows the user with the role "{{roles.default}}"

      Examples:
        | role |
        {{#roles.unknown}}
        | {{.}} |
        {{/roles.unknown}}
    {{/roles.default}}

    Scenario: An unknown role promotes nobody at a later login
      Given a new user of the application
      And the user has the role "{{roles.one}}" in the directory
      And the user has logged in before
      And the mock IdP sends "superuser" in the attribute "{{roleAttribute}}"
      When the user logs in
      Then the service provider does not show the user with the role "superuser"
      And the service provider does not show the user with the role "{{roles.strongest}}"
      And the service provider does not show the user with the role "{{roles.second}}"
  {{/rules.unknownRole}}

  {{#rules.oneRole}}
  @{{id}}
  Rule: {{statement}}

    Scenario: A second, stronger role does not count
      Given a new user of the application
      And the user has the role "{{roles.one}}" in the directory
      And the mock IdP also sends "{{roles.strongest}}" in the attribute "{{roleAttribute}}"
      When the user logs in
      Then the service provider does not show the user with the role "{{roles.strongest}}"

    @expect:saml.multiValuedRole=reject
    Scenario: Two roles are refused
      Given a new user of the application
      And the user has the role "{{roles.one}}" in the directory
      And the mock IdP also sends "{{roles.other}}" in the attribute "{{roleAttribute}}"
      When the user logs in
      Then the service provider refuses the login
      And the service provider has no account for the user

    @expect:saml.multiValuedRole=first
    Scenario: Of two roles the first one counts
      Given a new user of the application
      And the user has the role "{{roles.one}}" in the directory
      And the mock IdP also sends "{{roles.other}}" in the attribute "{{roleAttribute}}"
      When the user logs in
      Then the service provider logs the user in
      And the service provider shows the user with the role "{{roles.one}}"
  {{/rules.oneRole}}
