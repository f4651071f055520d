@saml
Feature: {{title}}: only a Response that was made for it, by its IdP, now, is accepted
  Each scenario has one property wrong and all else right; its twin has everything right and is let in.

  {{#rules.audience}}
  @{{id}}
  Rule: {{statement}}

    Scenario: The assertion is for another service provider
      Given a new user of the application
      And the mock IdP makes the mistake "wrong-audience"
      When the user logs in
      Then the service provider refuses the login

  {{/rules.audience}}

  {{#rules.addressee}}
  @{{id}}
  Rule: {{statement}}

    Scenario: The Response is destined for another URL
      Given a new user of the application
      And the mock IdP makes the mistake "wrong-destination"
      When the user logs in
      Then the service provider refuses the login

    Scenario: The subject may be confirmed at another URL only
      Given a new user of the application
      And the mock IdP makes the mistake "wrong-recipient"
      When the user logs in
      Then the service provider refuses the login
  {{/rules.addressee}}

  {{#rules.trust}}
  @{{id}}
  Rule: {{statement}}

    Scenario: The key of the metadata is the one that counts
      Given a new user of the application
      And the mock IdP makes the mistake "wrong-key"
      When the user logs in
      Then the service provider refuses the login

    Scenario: The entity ID of the metadata is the one that counts
      Given a new user of the application
      And the mock IdP makes the mistake "wrong-issuer"
      When the user logs in
      Then the service provider refuses the login

    @smoke
    Scenario: Nothing is signed
      Given a new user of the application
      And the mock IdP makes the mistake "unsigned"
      When the user logs in
      Then the service provider refuses the login

    Scenario: Somebody else's address is written into the NameID after signing
      Given a new user of the application
      And the colleague has logged in before
      And the mock IdP signs, and then the colleague is written into the NameID
      When the user logs in
      Then the service provider refuses the login

    {{#emailAttribute}}
    Scenario: Somebody else's address is written into an attribute after signing
      Given a new user of the application
      And the colleague has logged in before
      And the mock IdP signs, and then the e-mail address of the colleague is written into the attribute "{{emailAttribute}}"
      When the user logs in
      Then the service provider refuses the login

    {{/emailAttribute}}
    {{#roleAttribute}}
    Scenario: A stronger role is written into an attribute after signing
      Given a new user of the application
      And the user has the role "{{roles.one}}" in the directory
      And the mock IdP signs, and then "{{roles.strongest}}" is written into the attribute "{{roleAttribute}}"
      When the user logs in
      Then the service provider refuses the login
      And the service provider does not show the user with the role "{{roles.strongest}}"
    {{/roleAttribute}}
  {{/rules.trust}}

  {{#rules.leaver}}
  @{{id}}
  Rule: {{statement}}

    Scenario: Who is removed from the application gets no assertion
      Given a new user of the application
      And the user has logged in before
      When the mock IdP no longer assigns the user to the application
      And the user logs in
      Then the mock IdP sent nothing to the service provider

    Scenario: The IdP denies the request
      Given a new user of the application
      And the user has logged in before
      And the mock IdP makes the mistake "request-denied"
      When the user logs in
      Then the service provider refuses the login
      {{#refusalStatus}}
      And the service provider answers the refusal with status {{refusalStatus}}
      {{/refusalStatus}}

    Scenario: The IdP denies a request that names the user
      Given a new user of the application
      And the user has logged in before
      And the mock IdP makes the mistake "request-denied"
      When the user logs in from the service provider
      Then the service provider refuses the login

    Scenario: The assertion has expired
      Given a new user of the application
      And the user has logged in before
      And the mock IdP makes the mistake "expired"
      When the user logs in
      Then the service provider refuses the login

    Scenario: The assertion is not valid yet
      Given a new user of the application
      And the user has logged in before
      And the mock IdP makes the mistake "not-yet-valid"
      When the user logs in
      Then the service provider refuses the login

    Scenario: The Response of the login before is posted once more, from another browser
      Given a new user of the application
      And the user has logged in before
      And the mock IdP makes the mistake "replayed-response"
      When the user logs in
      Then the service provider refuses the login
  {{/rules.leaver}}

  {{#rules.status}}
  @{{id}}
  Rule: {{statement}}

    Scenario: The status is a failure, and there is no assertion
      Given a new user of the application
      And the mock IdP makes the mistake "request-denied"
      When the user logs in
      Then the service provider refuses the login

    Scenario: The status is a failure, and there is a good assertion
      Given a new user of the application
      And the mock IdP makes the mistake "request-denied-with-assertion"
      When the user logs in
      Then the service provider refuses the login

    Scenario: The status is a failure, and there is a good assertion of a known user
      Given a new user of the application
      And the user has logged in before
      And the mock IdP makes the mistake "request-denied-with-assertion"
      When the user logs in
      Then the service provider refuses the login
  {{/rules.status}}
