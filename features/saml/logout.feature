@logout
Feature: Single logout, of service providers that have it

  @SAML-SLO-01
  Rule: A LogoutRequest that the identity provider has not signed ends no session.

    Scenario Outline: <title>
      When the mock IdP asks by <binding> to log the user out, with the mistake "<mistake>"
      Then the user is still logged in

      Examples:
        | binding       | mistake                | title                                                                             |
        | HTTP-POST     | logout-unsigned        | The LogoutRequest is not signed                                                   |
        | HTTP-Redirect | logout-unsigned        | The LogoutRequest is not signed, by HTTP-Redirect                                 |
        | HTTP-POST     | logout-foreign-key     | The LogoutRequest is signed by a key that nobody trusts                           |
        | HTTP-Redirect | logout-foreign-key     | The LogoutRequest is signed by a key that nobody trusts, by HTTP-Redirect         |
        | HTTP-POST     | logout-altered         | The LogoutRequest names another user than when it was signed                      |
        | HTTP-Redirect | logout-altered         | The LogoutRequest names another user than when it was signed, by HTTP-Redirect    |
        | HTTP-POST     | logout-holds-assertion | The LogoutRequest is not signed, and holds the signed Assertion of the login      |
        | HTTP-POST     | logout-wraps-request   | The LogoutRequest holds the one that was signed, and has its Signature            |

  @SAML-SLO-02
  Rule: A LogoutRequest for another service provider, of the past, of another issuer or for somebody else ends no session of the user.

    Scenario Outline: <title>
      When the mock IdP asks by <binding> to log the user out, with the mistake "<mistake>"
      Then the user is still logged in

      Examples:
        | binding       | mistake                  | title                                                                     |
        | HTTP-POST     | logout-other-issuer      | The LogoutRequest is issued by another identity provider                  |
        | HTTP-Redirect | logout-other-issuer      | The LogoutRequest is issued by another identity provider, by HTTP-Redirect |
        | HTTP-POST     | logout-other-destination | The LogoutRequest is sent to another service provider                     |
        | HTTP-Redirect | logout-other-destination | The LogoutRequest is sent to another service provider, by HTTP-Redirect   |
        | HTTP-POST     | logout-expired           | The time to answer the LogoutRequest ended an hour ago                    |
        | HTTP-Redirect | logout-expired           | The time to answer the LogoutRequest ended an hour ago, by HTTP-Redirect  |
        | HTTP-POST     | logout-other-user        | The LogoutRequest is for somebody else                                    |
        | HTTP-Redirect | logout-other-user        | The LogoutRequest is for somebody else, by HTTP-Redirect                  |

  @SAML-SLO-03
  Rule: A LogoutRequest of the identity provider ends the session of the user.

    Scenario Outline: The identity provider ends a session, by <binding>
      Given the user has logged in before
      And the colleague has logged in before
      When the mock IdP asks by <binding> to log the user out
      Then the user is logged out
      And the colleague is still logged in

      Examples:
        | binding       |
        | HTTP-POST     |
        | HTTP-Redirect |

  @SAML-SLO-04
  Rule: A LogoutRequest is answered with a signed LogoutResponse that says what it answers.

    Scenario Outline: The identity provider is answered, by <binding>
      Given the user has logged in before
      When the mock IdP asks by <binding> to log the user out
      Then the LogoutRequest is answered

      Examples:
        | binding       |
        | HTTP-POST     |
        | HTTP-Redirect |

  @SAML-SLO-05
  Rule: A logout at the service provider ends its session, and asks the identity provider with a signed LogoutRequest that names the user as the Assertion did.

    Scenario: The user logs out at the service provider
      Given the user has logged in before
      And the colleague has logged in before
      When the user logs out at the service provider
      Then the user is logged out
      And the mock IdP is asked to end the session of the user too
      And the colleague is still logged in
