@provisioning
Feature: Cloudinary: which account an assertion means
  User.Username is the identity. The e-mail address only finds accounts that were there before, and it may change.

  @CLD-PROV-06
  Rule: The account ID must be that of the account that trusts this IdP.

    Scenario: A foreign account ID at the first login
      Given a new user of the application
      And the mock IdP sends a foreign account ID in the attribute "User.CloudinaryAccountID"
      When the user logs in
      Then the service provider refuses the login
      And the service provider has no account for the user

    Scenario: A foreign account ID at a later login
      Given a new user of the application
      And the user has logged in before
      And the mock IdP sends a foreign account ID in the attribute "User.CloudinaryAccountID"
      When the user logs in
      Then the service provider refuses the login

  @CLD-PROV-07
  Rule: User.Username is mandatory and is the external user id.

    Scenario: The user name finds the account again
      Given a new user of the application
      And the user has logged in before
      And an administrator has noted the account of the user
      When the user logs in again in the same browser
      Then the service provider logs the user in
      And the service provider still uses the same account for the user
      And the service provider has at most 1 account for the people of this scenario

    Scenario: The NameID is no substitute for a missing user name at a later login
      Given a new user of the application
      And the user has logged in before
      And the mock IdP leaves out the attribute "User.Username"
      When the user logs in
      Then the service provider refuses the login

  @CLD-PROV-08
  Rule: User.Username is the unique immutable id: same username = same account whatever else changes.

    Scenario: Everything but the user name changes
      Given a new user of the application
      And the user has the role "reports" in the directory
      And the user has logged in before
      And an administrator has noted the account of the user
      And the user has the first name "Renamed" in the directory
      And the user has the last name "Married" in the directory
      And the user has the role "billing" in the directory
      And the user has a new e-mail address in the directory
      When the user logs in
      Then the service provider logs the user in
      And the service provider still uses the same account for the user
      And the service provider has at most 1 account for the people of this scenario

    Scenario: The address of a colleague with another user name is refused
      Given a new user of the application
      And the colleague has logged in before
      And an administrator has noted the account of the colleague
      And the user has the e-mail address of the colleague in the directory
      When the user logs in
      Then the service provider refuses the login
      And the service provider has left the account of the colleague as it was

  @CLD-PROV-29
  Rule: A pre-existing user with the same email logs in by the IdP to the same account.

    Scenario: An account made by an administrator is used
      Given a new user of the application
      And the user has an account at the service provider
      And an administrator has noted the account of the user
      When the user logs in
      Then the service provider logs the user in
      And the service provider still uses the same account for the user
      And the service provider has at most 1 account for the people of this scenario

    Scenario: An account that has a password is used
      Given a new user of the application
      And the user has an account and a password at the service provider
      And an administrator has noted the account of the user
      When the user logs in
      Then the service provider logs the user in
      And the service provider still uses the same account for the user

  @CLD-PROV-30
  Rule: Once an existing account was found by its e-mail, User.Username is bound to it: a later change of the e-mail updates that account.

    Scenario: The address changes after the account was found by it
      Given a new user of the application
      And the user has an account at the service provider
      And the user has logged in before
      And an administrator has noted the account of the user
      And the user has a new e-mail address in the directory
      When the user logs in
      Then the service provider logs the user in
      And the service provider still uses the same account for the user
      And the service provider has at most 1 account for the people of this scenario

  @CLD-PROV-33
  Rule: A changed email with the same username updates the email of the same account.

    Scenario: The address changes
      Given a new user of the application
      And the user has logged in before
      And an administrator has noted the account of the user
      And the user has a new e-mail address in the directory
      When the user logs in
      Then the service provider logs the user in
      And the service provider still uses the same account for the user
      And the service provider shows the user with the e-mail address of the directory

    Scenario: The old address is free for somebody else
      Given a new user of the application
      And the user has logged in before
      And an administrator has noted the account of the user
      And the newcomer will have the address that the user has now
      And the user has a new e-mail address in the directory
      And the user has logged in before
      When the newcomer logs in
      Then the service provider logs the newcomer in
      And the service provider has at most 2 accounts for the people of this scenario

  @CLD-PROV-36
  Rule: Pitfall: if username is the email, changing both makes a different identity; the old account email is not updated.

    Scenario: The account of the old address keeps it
      Given a new user of the application
      And the user has the e-mail address as username in the directory
      And the user has logged in before
      And an administrator has noted the account of the user
      And the user has a new e-mail address in the directory
      And the user has the e-mail address as username in the directory
      When the user logs in
      Then the service provider has left the account of the user as it was

    @expect:saml.emailAsUsername=newAccount
    Scenario: The new address is a new account
      Given a new user of the application
      And the user has the e-mail address as username in the directory
      And the user has logged in before
      And an administrator has noted the account of the user
      And the user has a new e-mail address in the directory
      And the user has the e-mail address as username in the directory
      When the user logs in
      Then the service provider logs the user in
      And the service provider uses another account for the user
      And the service provider has at most 2 accounts for the people of this scenario

  @CLD-PROV-26
  Rule: A SAML-provisioned user is not mailed an invitation to set a password.

    Scenario: Somebody whose account was made by a login gets no mail
      Given a new user of the application
      And the user has the role "media_library_user" in the directory
      And the user has logged in before
      Then the service provider mails the user no invitation

    Scenario: A later login brings no mail either
      Given a new user of the application
      And the user has logged in before
      When the user logs in
      Then the service provider mails the user no invitation

    @consent:admin-accounts @expect:saml.masterAdminInvitation=none
    Scenario: A master_admin made by a login gets no mail
      Given a new user of the application
      And the user has the role "master_admin" in the directory
      And the user has logged in before
      Then the service provider mails the user no invitation

    @consent:admin-accounts @expect:saml.masterAdminInvitation=sent
    Scenario: A master_admin made by a login gets an invitation
      Given a new user of the application
      And the user has the role "master_admin" in the directory
      And the user has logged in before
      Then the service provider mails the user an invitation

  @CLD-PROV-27
  Rule: Auto-provisioned users are listed with name and source in user management.

    Scenario: The list has the account, its name and where it comes from
      Given a new user of the application
      When the user logs in
      Then the service provider lists the user once
      And the service provider shows the user with the name of the directory
      And the service provider shows the user as coming from "saml"

  @CLD-PROV-28
  Rule: Administrators can review and change auto-provisioned accounts, except password fields.

    Scenario: An administrator changes the name
      Given a new user of the application
      And the user has logged in before
      When an administrator changes the name of the user to "Changed By Hand"
      Then the service provider shows the user with the name "Changed By Hand"

    Scenario: Nobody can set a password
      Given a new user of the application
      And the user has logged in before
      Then the service provider lets no administrator set a password for the user

  @CLD-PROV-45
  Rule: With provisioning on the IdP is authoritative: a role changed locally is overwritten at the next login that supplies a role.

    Scenario: A role set by hand is overwritten
      Given a new user of the application
      And the user has the role "reports" in the directory
      And the user has logged in before
      When an administrator changes the role of the user to "billing"
      And the user logs in
      Then the service provider shows the user with the role "reports"

    @consent:admin-accounts
    Scenario: A promotion by hand is taken back
      Given a new user of the application
      And the user has the role "reports" in the directory
      And the user has logged in before
      When an administrator changes the role of the user to "admin"
      And the user logs in
      Then the service provider shows the user with the role "reports"

  @CLD-PROV-46
  Rule: The IdP sends one attribute for each field, with exactly the documented names.

    Scenario: All attributes are sent as Okta sends them, and understood
      Given a new user of the application
      And the user has the role "media_library_user" in the directory
      And the user has the groups "Design" in the directory
      And the user has the environments "first" in the directory
      When the user logs in
      Then the mock IdP sent each attribute of the contract once, in the name format "unspecified"
      And the service provider logs the user in

    Scenario: All attributes are sent as others send them, and understood
      Given a new user of the application
      And the user has the role "reports" in the directory
      And the mock IdP sends the attributes with the name format "basic"
      When the user logs in
      Then the service provider logs the user in
      And the service provider shows the user with the role "reports"

  @CLD-PROV-47
  Rule: The NameFormat of an attribute does not matter; its Name does.

    Scenario Outline: The name format <format>
      Given a new user of the application
      And the user has the role "reports" in the directory
      And the user has logged in before
      And an administrator has noted the account of the user
      And the mock IdP sends the attributes with the name format "<format>"
      When the user logs in
      Then the service provider logs the user in
      And the service provider still uses the same account for the user

      Examples:
        | format |
        | uri    |
        | none   |
