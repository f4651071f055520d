@scim
Feature: Cloudinary: the SCIM connection
  Who may call the SCIM server, and how Okta comes to have a token.

  @CLD-SCIM-07
  Rule: There is one SCIM 2.0 base URL, with Users and Groups under it.

    Scenario: Okta tests the connection
      When the SCIM server is called with its own credential
      Then the SCIM server answers with users
      And the SCIM server has both users and groups below its base URL

  @CLD-SCIM-03
  Rule: SCIM is a switch of the account: without it nothing is provisioned.

    @settings:scim=off
    Scenario: The account does not have SCIM
      When the SCIM server is called with its own credential
      Then the SCIM server refuses the call

    Scenario: The account has SCIM
      When the SCIM server is called with its own credential
      Then the SCIM server answers with users

  @CLD-SCIM-11
  Rule: SCIM is authorised with an OAuth 2 bearer token.

    Scenario: A call without a token
      When the SCIM server is called with no credential
      Then the SCIM server refuses the call

    @consent:admin-accounts
    Scenario: A call with the password of an administrator, which is good for a login
      Given the user has a new account with the role "admin" and a password at the service provider
      And the user logs in with the password
      And the service provider logs the user in
      When the SCIM server is called with the e-mail address and the password of the user
      Then the SCIM server refuses the call

    Scenario: A call with the token of the connection
      When the SCIM server is called with its own credential
      Then the SCIM server answers with users

  @CLD-SCIM-12
  Rule: The token endpoint gives tokens for a code, with their type and lifetime.

    Scenario: A code is exchanged for tokens
      When somebody consents to the scopes "openid offline provision:scim"
      And the code is exchanged for tokens
      Then the token answer has a bearer token and its lifetime
      And the token opens the SCIM server

  @CLD-SCIM-13
  Rule: The authorization endpoint takes the scopes openid, offline and provision:scim together.

    Scenario: Three scopes with spaces between them
      When somebody consents to the scopes "openid offline provision:scim"
      Then the consent gave a code

  @CLD-SCIM-14
  Rule: The client is confidential: its secret is checked.

    Scenario: A wrong client secret
      When somebody consents to the scopes "openid offline provision:scim"
      And the code is exchanged with a wrong client secret
      Then the token endpoint refuses

    Scenario: The right client secret
      When somebody consents to the scopes "openid offline provision:scim"
      And the code is exchanged for tokens
      Then the token answer has a bearer token and its lifetime

  @CLD-SCIM-15
  Rule: Codes are sent to registered redirect URIs only.

    Scenario: A redirect URI that nobody registered
      When somebody consents for a redirect URI that is not registered
      Then no code was given

    Scenario: The redirect URI of Okta
      When somebody opens the authorization URL
      Then the consent gave a code

  @CLD-SCIM-16
  Rule: Access needs the consent of somebody who is logged in.

    Scenario: A browser without a session
      When somebody opens the authorization URL
      Then the person was asked to log in and to consent
      And the consent gave a code

    Scenario: Access is declined
      When somebody declines to give access
      Then no code was given

  @CLD-SCIM-17
  Rule: The client runs the authorization code flow once and keeps the tokens.

    Scenario: Nobody is asked twice
      Given an application that provisions to the service provider
      When the user is assigned to the application with the role "reports"
      Then Okta holds the tokens of the connection
      And Okta has asked nobody again

  @CLD-SCIM-18
  Rule: A call without a good token of the scope provision:scim is refused.

    Scenario: A token that nobody issued
      When the SCIM server is called with a wrong credential
      Then the SCIM server refuses the call

    Scenario: A token without the scope provision:scim
      When somebody consents to the scopes "openid offline"
      And the code is exchanged for tokens
      Then the token does not open the SCIM server

    Scenario: A token with the scope
      When somebody consents to the scopes "openid offline provision:scim"
      And the code is exchanged for tokens
      Then the token opens the SCIM server

    Scenario Outline: Okta pushes with <mistake>
      Given an application that provisions to the service provider
      And Okta makes the mistake "<mistake>" in what it pushes
      When Okta tries to assign the user to the application
      Then the service provider refused what Okta pushed
      And the service provider has no account for the user
      And the colleague is assigned to the application with the role "reports"
      And the service provider has an account for the colleague

      Examples:
        | mistake     |
        | no-token    |
        | wrong-token |

    Scenario: Okta pushes with a token of another scope
      Given an application that provisions to the service provider
      And somebody consents to the scopes "openid offline"
      And the code is exchanged for tokens
      And Okta makes the mistake "other-token" in what it pushes, with that token
      When Okta tries to assign the user to the application
      Then the service provider refused what Okta pushed
      And the service provider has no account for the user
      And the colleague is assigned to the application with the role "reports"
      And the service provider has an account for the colleague

  @CLD-SCIM-19
  Rule: Scope offline yields a refresh token, which renews access.

    Scenario: Access is renewed without anybody
      When somebody consents to the scopes "openid offline provision:scim"
      And the code is exchanged for tokens
      And the tokens are refreshed
      Then the token answer has a bearer token and its lifetime
      And the token opens the SCIM server

  @CLD-SCIM-04 @expect:scim.serviceUserRevocation=revokes @consent:admin-accounts
  Rule: The token belongs to the user who authorised it; deactivating that user by SCIM revokes it.

    Scenario: Who authorised SCIM is deactivated by SCIM
      Given the user has a new account with the role "admin" and a password at the service provider
      And the user has authorised a SCIM connection of their own
      And the token opens the SCIM server
      When the user is deactivated by SCIM
      Then the token does not open the SCIM server
