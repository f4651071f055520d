@correlation
Feature: Several organisations at one service provider, each with an identity provider of its own

  @SAML-COR-31
  Rule: An identity provider speaks for users of the organisation that trusts it, and for no others.

    Scenario: The identity provider of another organisation speaks of the user
      Given another organisation where the service provider has several, with the outsider in it
      And the user has logged in before
      And the outsider's identity provider speaks of the user
      And the browser takes the Response for the outsider to the organisation of the user
      When the outsider logs in
      Then the service provider refuses the login

    Scenario: The identity provider of another organisation speaks of the user, in a message that is addressed to theirs
      Given another organisation where the service provider has several, with the outsider in it
      And the user has logged in before
      And the outsider's identity provider speaks of the user
      And the outsider's identity provider addresses the organisation of the user
      And the browser takes the Response for the outsider to the organisation of the user
      When the outsider logs in
      Then the service provider refuses the login
