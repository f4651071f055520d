@saml
Feature: Cloudinary: people who leave keep their account until somebody deletes it

  @CLD-SAML-15
  Rule: Removal in the IdP alone does not delete or disable the Cloudinary account.

    Scenario: Access is removed in the identity provider
      Given a new user of the application
      And the user has logged in before
      And an administrator has noted the account of the user
      When the mock IdP no longer assigns the user to the application
      And the user logs in
      Then the service provider has left the account of the user as it was

    Scenario: The identity provider denies the login
      Given a new user of the application
      And the user has logged in before
      And an administrator has noted the account of the user
      And the mock IdP makes the mistake "request-denied"
      When the user logs in and is refused
      Then the service provider has left the account of the user as it was

    Scenario: The identity provider denies a login that began at the service provider
      Given a new user of the application
      And the user has logged in before
      And an administrator has noted the account of the user
      And the mock IdP makes the mistake "request-denied"
      When the user logs in from the service provider
      Then the service provider has left the account of the user as it was

  @CLD-SAML-16
  Rule: Deleting the user by Console or Provisioning API removes the account and frees the licence.

    Scenario: The account is gone, and counts no more
      Given a new user of the application
      And the user has logged in before
      When an administrator deletes the account of the user
      Then the service provider has no account for the user
      And the service provider has at most 0 accounts for the people of this scenario

    @settings:provisioning=off
    Scenario: Who was deleted gets no session
      Given a new user of the application
      And the user has an account at the service provider
      And the user has logged in before
      When an administrator deletes the account of the user, but not the twin's
      And the user logs in
      Then the service provider refuses the login

    @expect:saml.afterDelete=newAccount
    Scenario: A login after the deletion is a first login
      Given a new user of the application
      And the user has logged in before
      And an administrator has noted the account of the user
      When an administrator deletes the account of the user
      And the user logs in
      Then the service provider logs the user in
      And the service provider uses another account for the user

    @expect:saml.afterDelete=unchecked
    Scenario: A login after the deletion, which the documentation does not speak of
      Given a new user of the application
      And the user has logged in before
      When an administrator deletes the account of the user
      And the user logs in
      Then what the service provider did about "a login after the account was deleted" is noted, not judged

  @CLD-PROV-40
  Rule: SAML never deletes or disables a user.

    Scenario: Nothing optional is sent anymore
      Given a new user of the application
      And the user has the role "media_library_user" in the directory
      And the user has the groups "Design" in the directory
      And the user has the environments "first" in the directory
      And the user has logged in before
      And an administrator has noted the account of the user
      And the user has no role in the directory
      And the user has no groups in the directory
      And the user has no environments in the directory
      When the user logs in
      Then the service provider still uses the same account for the user
      And the service provider shows the user as enabled

    Scenario: Empty lists are sent
      Given a new user of the application
      And the user has the role "media_library_user" in the directory
      And the user has the groups "Design" in the directory
      And the user has logged in before
      And the mock IdP sends the attribute "User.CloudinaryUserGroups" empty
      When the user logs in
      Then the service provider has an account for the user
      And the service provider shows the user as enabled

    Scenario: A refused login disables nobody
      Given a new user of the application
      And the user has logged in before
      And the mock IdP makes the mistake "request-denied"
      When the user logs in and is refused
      Then the service provider has an account for the user
      And the service provider shows the user as enabled

    Scenario: A disabled account is not let in by an assertion
      Given a new user of the application
      And the user has logged in before
      When an administrator disables the account of the user
      And the user logs in
      Then the service provider refuses the login
