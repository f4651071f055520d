@saml
Feature: ImageKit: only a successful authentication is acted on

  @IK-SSO-12
  Rule: Only a successful authentication is acted on: non-Success status, bad signature, expired or wrong audience -> no registration, no session.

    Scenario Outline: A first login with the mistake "<mistake>" registers nobody
      Given a new user of the application
      And the mock IdP makes the mistake "<mistake>"
      When the user logs in
      Then the service provider refuses the login
      And the service provider has no account for the user

      Examples:
        | mistake                       |
        | request-denied                |
        | request-denied-with-assertion |
        | unsigned                      |
        | wrong-key                     |
        | wrong-issuer                  |
        | wrong-audience                |
        | wrong-recipient               |
        | wrong-destination             |
        | expired                       |
        | not-yet-valid                 |

    Scenario Outline: A later login with the mistake "<mistake>" changes nothing
      Given a new user of the application
      And the user has the role "media_library_full_access" in the directory
      And the user has logged in before
      And an administrator has noted the account of the user
      And the user has the role "finance" in the directory
      And the user has the last name "Married" in the directory
      And the mock IdP makes the mistake "<mistake>"
      When the user logs in
      Then the service provider refuses the login
      And the service provider has left the account of the user as it was

      Examples:
        | mistake                       |
        | request-denied-with-assertion |
        | unsigned                      |
        | wrong-audience                |
        | expired                       |

    Scenario: Somebody else's address is written into the NameID after signing
      Given a new user of the application
      And the colleague has logged in before
      And the mock IdP signs, and then the colleague is written into the NameID
      When the user logs in
      Then the service provider refuses the login

    Scenario: A stronger role is written into an attribute after signing
      Given a new user of the application
      And the user has the role "finance" in the directory
      And the mock IdP signs, and then "account_administrator" is written into the attribute "imagekit_role"
      When the user logs in
      Then the service provider refuses the login
      And the service provider does not show the user with the role "account_administrator"
