@saml
Feature: ImageKit: who leaves the IdP

  @IK-SSO-21
  Rule: A user deleted in the IdP gets no assertion and so no session.

    Scenario: Who was deleted in the IdP gets no assertion
      Given a new user of the application
      And the user has logged in before
      And the user is deleted at the mock IdP
      When the user logs in
      Then the mock IdP sent nothing to the service provider

    Scenario: The Response of the login before is posted once more
      Given a new user of the application
      And the user has logged in before
      And the mock IdP makes the mistake "replayed-response"
      When the user logs in
      Then the service provider refuses the login

  @IK-SSO-22
  Rule: IdP deletion does not delete the ImageKit account; it still counts.

    Scenario: Who was deleted in the IdP is still listed
      Given a new user of the application
      And the user has logged in before
      And an administrator has noted the account of the user
      And the user is deleted at the mock IdP
      When the user logs in
      Then the mock IdP sent nothing to the service provider
      And the service provider has left the account of the user as it was
      And the service provider lists the user once

    Scenario: Whom the IdP denies is still listed
      Given a new user of the application
      And the user has logged in before
      And an administrator has noted the account of the user
      And the mock IdP makes the mistake "request-denied"
      When the user logs in from the service provider
      Then the service provider refuses the login
      And the service provider has left the account of the user as it was

  @IK-SSO-23
  Rule: Deprovisioning is manual, on the ImageKit side.

    Scenario: Who is deleted at ImageKit is gone
      Given a new user of the application
      And the user has logged in before
      When an administrator deletes the account of the user
      Then the service provider has no account for the user

    Scenario: Who was deleted at ImageKit registers anew
      Given a new user of the application
      And the user has logged in before
      And an administrator has noted the account of the user
      When an administrator deletes the account of the user
      And the user logs in from the mock IdP
      Then the service provider logs the user in
      And the service provider uses another account for the user

  @IK-SSO-28
  Rule: An assertion kept from before the deletion at the IdP is refused.

    Scenario: A Response from before the deletion is posted from a fresh browser
      Given a new user of the application
      And the user has logged in before
      And the user is deleted at the mock IdP
      When the Response of the last login of the user is posted once more, from another browser
      Then the service provider refuses the login
