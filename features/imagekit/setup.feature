@saml @consent:admin-accounts
Feature: ImageKit: who sets single sign-on up

  @IK-SSO-04
  Rule: Only an account administrator can configure SSO.

    Scenario Outline: The role <role> cannot save the metadata of the identity provider
      Given a new user of the application
      And the user has the role "<role>" in the directory
      And the user has logged in before
      When the user saves the metadata of the identity provider at the service provider
      Then the service provider does not take the metadata

      Examples:
        | role                      |
        | developer                 |
        | media_library_full_access |
        | finance                   |

    Scenario: An account administrator can
      Given a new user of the application
      And the user has the role "account_administrator" in the directory
      And the user has logged in before
      When the user saves the metadata of the identity provider at the service provider
      Then the service provider takes the metadata
