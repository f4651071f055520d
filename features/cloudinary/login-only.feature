@saml @settings:provisioning=off
Feature: Cloudinary: SAML for login only
  Without provisioning, an assertion says who somebody is and nothing else. Accounts are made by administrators.

  @CLD-SAML-02
  Rule: With provisioning off, SAML is authentication only: no User.* attribute is needed and none is applied.

    Scenario: A NameID alone is enough
      Given a new user of the application
      And the user has an account at the service provider
      And the mock IdP sends no attributes
      When the user logs in
      Then the service provider logs the user in

    Scenario: Attributes that come along change nothing
      Given a new user of the application
      And the user has an account with the role "reports" at the service provider
      And an administrator has noted the account of the user
      And the user has the first name "Renamed" in the directory
      And the user has the role "billing" in the directory
      And the user has the environments "first" in the directory
      When the user logs in
      Then the service provider logs the user in
      And the service provider has left the account of the user as it was

    Scenario: Groups that come along are not made
      Given a new user of the application
      And the user has an account with the role "media_library_user" at the service provider
      And the user has the groups "Design" in the directory
      When the user logs in
      Then the service provider logs the user in
      And the service provider has no group "Design"

    Scenario Outline: A login without <attribute> works
      Given a new user of the application
      And the user has an account at the service provider
      And the mock IdP leaves out the attribute "<attribute>"
      When the user logs in
      Then the service provider logs the user in

      Examples:
        | attribute                |
        | User.CloudinaryAccountID |
        | User.Email               |

  @CLD-SAML-03
  Rule: Login-only mode: an assertion for an email with no account fails and creates nothing.

    Scenario: Somebody without an account logs in
      Given a new user of the application
      And the user has no account at the service provider, unlike the twin
      When the user logs in
      Then the service provider refuses the login
      And the service provider has no account for the user

    Scenario: Somebody without an account is named in the NameID
      Given a new user of the application
      And the user has an account at the service provider
      And the mock IdP sends the e-mail address of the newcomer as the NameID
      When the user logs in
      Then the service provider refuses the login
      And the service provider has no account for the newcomer

  @CLD-PROV-01
  Rule: SAML provisioning is a switch of the account; without it no account is made by a login.

    Scenario: All that provisioning asks for is sent, and the switch is off
      Given a new user of the application
      And the user has the role "media_library_user" in the directory
      And the user has the groups "Design" in the directory
      And the user has no account at the service provider, unlike the twin
      When the user logs in
      Then the service provider has no account for the user
      And the service provider has no group "Design"

  @CLD-SAML-31
  Rule: A NameID in emailAddress format is accepted and, in login-only mode, identifies the user.

    Scenario: The NameID says who is logged in
      Given a new user of the application
      And the user has an account at the service provider
      When the user logs in
      Then the service provider logs the user in

    Scenario: The NameID counts, not the attribute with an e-mail address
      Given a new user of the application
      And the user has an account at the service provider
      And the colleague has an account at the service provider
      And the mock IdP sends the e-mail address of the colleague in the attribute "User.Email"
      When the user logs in
      Then the service provider logs the user in

    Scenario: The address of a colleague is written into the NameID after signing
      Given a new user of the application
      And the user has an account at the service provider
      And the colleague has an account at the service provider
      And the mock IdP signs, and then the colleague is written into the NameID
      When the user logs in
      Then the service provider refuses the login

  @CLD-SAML-21
  Rule: The NameID is sent in the emailAddress format.

    Scenario: What the mock IdP sends is understood
      Given a new user of the application
      And the user has an account at the service provider
      When the user logs in
      Then the mock IdP sent the NameID in the format "emailAddress"
      And the service provider logs the user in

  @CLD-SAML-26
  Rule: Password users may be made by Console or Provisioning API and are then usable for SAML login by the same email.

    Scenario: An account made by an administrator is used by a login
      Given a new user of the application
      And the user has an account at the service provider
      And an administrator has noted the account of the user
      When the user logs in
      Then the service provider logs the user in
      And the service provider still uses the same account for the user
