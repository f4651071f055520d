@scim
Feature: {{title}}: users by SCIM
  Whom Okta assigns has an account at the service provider, as Okta says it.

  {{#rules.scimOpens}}
  @{{id}}
  Rule: {{statement}}

    Scenario: A call without a credential
      When the SCIM server is called with no credential
      Then the SCIM server refuses the call

    Scenario: A call with a wrong credential
      When the SCIM server is called with a wrong credential
      Then the SCIM server refuses the call

    @smoke
    Scenario: A call with the credential of the connection
      When the SCIM server is called with its own credential
      Then the SCIM server answers with users
  {{/rules.scimOpens}}

  {{#rules.scimSpeaks}}
  @{{id}}
  Rule: {{statement}}

    Scenario: A list of users
      When the SCIM server is called with its own credential
      Then the SCIM server answers with users
      And the answer is SCIM by its media type

    Scenario: A user who is not there
      When the SCIM server is asked for a user that there is not
      Then the SCIM server answers with an error of SCIM
  {{/rules.scimSpeaks}}

  {{#rules.scimCreates}}
  @{{id}}
  Rule: {{statement}}

    @smoke
    Scenario: Somebody is assigned
      Given an application that provisions to the service provider
      When the user is assigned to the application
      Then the service provider has an account for the user
      And SCIM finds the user once
      And the service provider shows the user with the name of the directory

    {{#loginToo}}
    Scenario: Who was made by SCIM logs in by SAML to the same account
      Given an application that provisions to the service provider
      And the user is assigned to the application
      And an administrator has noted the account of the user
      When the user logs in
      Then the service provider logs the user in
      And the service provider still uses the same account for the user
    {{/loginToo}}
  {{/rules.scimCreates}}

  {{#rules.scimUnique}}
  @{{id}}
  Rule: {{statement}}

    Scenario: A lookup finds the one user that it names, and nobody else
      Given an application that provisions to the service provider
      And the user is assigned to the application
      And the colleague is assigned to the application
      Then SCIM finds the user once
      And SCIM finds the colleague once
      And SCIM finds nobody called "nobody-at-all"

    Scenario: A create that is sent twice makes one account
      Given an application that provisions to the service provider
      And Okta makes the mistake "create-sent-twice" in what it pushes
      When Okta tries to assign the user to the application
      Then the service provider refused what Okta pushed
      And SCIM finds the user once
      And the service provider lists the user once
  {{/rules.scimUnique}}

  {{#rules.scimUpdates}}
  @{{id}}
  Rule: {{statement}}

    Scenario: Somebody is renamed in Okta
      Given an application that provisions to the service provider
      And the user is assigned to the application
      When the user is renamed to "Renamed" in Okta
      Then SCIM shows the user with the last name "Renamed"
      And the service provider shows the user with the name of the directory
  {{/rules.scimUpdates}}

  {{#rules.scimDeactivates}}
  @{{id}}
  Rule: {{statement}}

    @expect:scim.deactivation=inactive
    Scenario: Who is no longer assigned is inactive
      Given an application that provisions to the service provider
      And the user is assigned to the application
      When the user is no longer assigned to the application
      Then the service provider shows the user as disabled
      And SCIM shows the user as inactive

    @expect:scim.deactivation=removed
    Scenario: Who is no longer assigned is removed
      Given an application that provisions to the service provider
      And the user is assigned to the application
      When the user is no longer assigned to the application
      Then the service provider has no account for the user

    {{#loginToo}}
    Scenario: Who was deactivated by SCIM is not let in
      Given an application that provisions to the service provider
      And the user has logged in before
      And the service provider lets the colleague in by SAML
      When the user is deactivated by SCIM
      And the user logs in
      Then the service provider refuses the login
    {{/loginToo}}
  {{/rules.scimDeactivates}}

  {{#rules.scimReactivates}}
  @{{id}}
  Rule: {{statement}}

    @expect:scim.deactivation=inactive
    Scenario: Somebody is assigned again
      Given an application that provisions to the service provider
      And the user is assigned to the application
      And an administrator has noted the account of the user
      And the user is no longer assigned to the application
      When the user is assigned to the application
      Then the service provider shows the user as enabled
      And the service provider has left the account of the user as it was
      And the service provider lists the user once

    @expect:scim.deactivation=removed
    Scenario: Somebody who was removed is assigned again
      Given an application that provisions to the service provider
      And the user is assigned to the application
      And the user is no longer assigned to the application
      When the user is assigned to the application
      Then the service provider lists the user once
  {{/rules.scimReactivates}}

  {{#rules.scimLinks}}
  @{{id}}
  Rule: {{statement}}

    {{#loginToo}}
    Scenario: Who has signed up by SAML is linked, and updated
      Given a new user of the application
      And the user has logged in before
      And an administrator has noted the account of the user
      And an application that provisions to the service provider
      When Okta provisions those who were assigned before
      And the user is renamed to "Renamed" in Okta
      Then the service provider still uses the same account for the user
      And the service provider lists the user once
      And SCIM shows the user with the last name "Renamed"
    {{/loginToo}}
    {{#withoutLogin}}
    Scenario: Somebody whom an administrator made is linked, and updated
      Given an application that provisions to the service provider
      And the user has an account at the service provider
      And an administrator has noted the account of the user
      When the user is assigned to the application
      And the user is renamed to "Renamed" in Okta
      Then the service provider still uses the same account for the user
      And the service provider lists the user once
    {{/withoutLogin}}
  {{/rules.scimLinks}}
