@saml
Feature: Cloudinary: passwords beside SAML

  @CLD-SAML-07
  Rule: With Enforce off, SAML login and password login both work for the same account.

    Scenario: The same person logs in both ways
      Given a new user of the application
      And the user has an account and a password at the service provider
      When the user logs in with the password
      Then the service provider logs the user in
      When the user logs in
      Then the service provider logs the user in
      When the user logs in with the password
      Then the service provider logs the user in

    Scenario Outline: A password of somebody with the role <role> is accepted
      Given a new user of the application
      And the user has the role "<role>" and a password at the service provider
      When the user logs in with the password
      Then the service provider logs the user in

      Examples:
        | role               |
        | reports            |
        | media_library_user |

  @CLD-SAML-11
  Rule: A user with 2FA on logs in by SAML with no second-factor challenge.

    Scenario: Somebody with two-factor logs in by SAML
      Given a new user of the application
      And the user has an account and a password at the service provider
      And an administrator has turned on two-factor for the user
      When the user logs in
      Then the service provider logs the user in

  @CLD-SAML-12
  Rule: SAML login does not clear the 2FA setting: a password login still asks for it.

    Scenario: The password login after a SAML login asks for the second factor
      Given a new user of the application
      And the user has an account and a password at the service provider
      And an administrator has turned on two-factor for the user
      And the user has logged in before
      When the user logs in with the password
      Then the service provider asks the user for a second factor

    Scenario: The setting is still on after a SAML login
      Given a new user of the application
      And the user has an account and a password at the service provider
      And an administrator has turned on two-factor for the user
      When the user logs in
      Then the service provider shows the user with two-factor on

  @CLD-SAML-08 @settings:enforce=on
  Rule: With Enforce on, a password login by a user who is not master_admin is refused.

    @consent:admin-accounts
    Scenario Outline: The password of somebody with the role <role> is refused
      Given a new user of the application
      And the user has the role "<role>" and a password at the service provider, and the twin has "master_admin"
      When the user logs in with the password
      Then the service provider refuses the login

      Examples:
        | role                |
        | admin               |
        | technical_admin     |
        | billing             |
        | reports             |
        | media_library_admin |
        | media_library_user  |

    Scenario: A SAML login works under Enforce
      Given a new user of the application
      When the user logs in
      Then the service provider logs the user in

  @CLD-SAML-09 @settings:enforce=on @consent:admin-accounts
  Rule: With Enforce on, a master_admin can still log in with a password.

    Scenario: A master_admin logs in with the password
      Given a new user of the application
      And the user has the role "master_admin" and a password at the service provider
      When the user logs in with the password
      Then the service provider logs the user in

    Scenario: A master_admin logs in by SAML too
      Given a new user of the application
      And the user has a new account with the role "master_admin" and a password at the service provider
      When the user logs in
      Then the service provider logs the user in

  @CLD-SAML-10 @consent:admin-accounts
  Rule: A user created with role master_admin is sent an invitation to set a Console password, even with Enforce on.

    @settings:enforce=on
    Scenario: A master_admin is made under Enforce
      Given a new user of the application
      And the user has an account with the role "master_admin" at the service provider
      Then the service provider mails the user an invitation

    Scenario: A master_admin is made without Enforce
      Given a new user of the application
      And the user has an account with the role "master_admin" at the service provider
      Then the service provider mails the user an invitation

  @CLD-SAML-33 @settings:enforce=on @consent:admin-accounts
  Rule: The invitation of a new master_admin leads to a password that works, under Enforce too.

    Scenario: From the invitation to a session
      Given a new user of the application
      And the user has an account with the role "master_admin" at the service provider
      Then the invitation of the user leads to a password
      When the user logs in with the password
      Then the service provider logs the user in

  @CLD-PROV-42 @settings:enforce=on
  Rule: Enforce on + IdP access removed = no way in (for non master_admin).

    @consent:admin-accounts
    Scenario: Access is removed in the identity provider, and the password is tried
      Given a new user of the application
      And the user has a new account with the role "media_library_user" and a password at the service provider, and the twin has "master_admin"
      And the user has logged in before
      When the mock IdP no longer assigns the user to the application
      And the user logs in with the password
      Then the service provider refuses the login

    Scenario: Access is removed in the identity provider, and the denied login is posted
      Given a new user of the application
      And the user has logged in before
      And the mock IdP makes the mistake "request-denied"
      When the user logs in
      Then the service provider refuses the login

  @CLD-PROV-02 @settings:saml=off
  Rule: Provisioning needs SAML SSO to be enabled.

    Scenario: A newcomer logs in while SAML is off
      Given a new user of the application
      And the service provider lets a colleague in with a password
      When the user logs in from the mock IdP
      Then the service provider refuses the login
      And the service provider has no account for the user

    Scenario: Groups are not made while SAML is off
      Given a new user of the application
      And the service provider lets a colleague in with a password
      And the user has the groups "Design" in the directory
      When the user logs in from the mock IdP
      Then the service provider refuses the login
      And the service provider has no group "Design"
