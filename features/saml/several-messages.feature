@correlation
Feature: Messages that mean something after others

  @SAML-COR-08
  Rule: A Response to a request that this browser did not send is refused.

    Scenario: The Response answers the request of another browser, which has been answered
      Given the colleague has logged in from the service provider before
      And the mock IdP answers for the user the request of the colleague once more
      When the user logs in from the service provider
      Then the service provider refuses the login

    Scenario: The Response answers the request of another browser, which still waits for its answer
      Given the colleague begins a login at the service provider
      And the mock IdP answers for the user the request of the colleague once more
      When the user logs in from the service provider
      Then the service provider refuses the login

  @SAML-COR-09
  Rule: A Response that nobody asked for is handled as the service provider declares.

    Scenario: The login begins at the mock IdP, in a browser that has asked for nothing
      When the user logs in without having asked for it
      Then the service provider does as declared in "saml.unsolicited"

  @SAML-COR-19
  Rule: An Assertion that was used is not taken again, in whichever browser and Response.

    Scenario: The Response is posted once more, by another browser
      Given the user has logged in before
      When the Response of the last login of the user is posted once more, from another browser
      Then the service provider refuses the login

    Scenario: The mock IdP sends the Response of the last login once more
      Given the user has logged in before
      And the mock IdP makes the mistake "replayed-response"
      When the user logs in
      Then the service provider refuses the login

    Scenario: The Assertion of the last login is in a new Response
      Given the mock IdP signs the Assertion alone
      And the user has logged in before
      And the mock IdP makes the mistake "replayed-assertion-in-new-response"
      When the user logs in
      Then the service provider refuses the login

  @SAML-COR-20
  Rule: An Assertion with OneTimeUse is not taken again.

    Scenario: The Response is posted once more, by another browser
      Given the mock IdP makes the mistake "one-time-use"
      And the user has logged in before
      When the Response of the last login of the user is posted once more, from another browser
      Then the service provider refuses the login
