@saml
Feature: ImageKit: where a login may begin

  @IK-SSO-08
  Rule: SP-initiated start with an unregistered email does not create a user and does not redirect to any IdP.

    Scenario: Somebody unknown submits an e-mail address
      Given a new user of the application
      And the colleague has logged in before
      When the colleague begins a login at the service provider
      Then the service provider sends the colleague to the IdP of their organisation
      When the user begins a login at the service provider
      Then the service provider sends the user to no IdP
      And the service provider has no account for the user

  @IK-SSO-13
  Rule: A registered user can start at the ImageKit SSO page (SP-initiated).

    @smoke
    Scenario: A registered user submits the e-mail address
      Given a new user of the application
      And the user has logged in before
      When the user logs in from the service provider
      Then the service provider logs the user in

    Scenario: Somebody whom an administrator has registered submits the e-mail address
      Given a new user of the application
      And the user has an account with the role "media_library_view_only_access" at the service provider
      When the user logs in from the service provider
      Then the service provider logs the user in
      And the service provider shows the user with the name of the directory

    Scenario: The AuthnRequest says who asks
      Given a new user of the application
      And the user has logged in before
      And the mock IdP's journal is read from here on
      When the user logs in from the service provider
      Then the AuthnRequest of the service provider has its entity ID as the issuer

  @IK-SSO-14
  Rule: The redirect goes to the IdP associated with that user's organisation.

    Scenario: Two users of two organisations are sent to an IdP each
      Given another organisation, with the outsider in it
      And the outsider has logged in before
      And a new user of the application
      And the user has logged in before
      When the user begins a login at the service provider
      Then the service provider sends the user to the IdP of their organisation
      When the outsider begins a login at the service provider
      Then the service provider sends the outsider to the IdP of their organisation

  @IK-SSO-15
  Rule: The SP-initiated Response must answer the request (InResponseTo) and be for the same organisation.

    Scenario: The IdP of another organisation answers the request
      Given another organisation, with the outsider in it
      And a new user of the application
      And the user has logged in before
      And the outsider has logged in before
      When the user begins a login at the service provider
      Given the outsider's identity provider answers the request of the user
      When the outsider logs in in the same browser
      Then the service provider refuses the login

    Scenario: A request is answered once
      Given a new user of the application
      And the user has logged in before
      And the colleague has logged in before
      And the colleague has logged in from the service provider before
      And the user has the browser of the colleague
      And the mock IdP answers for the user the request of the colleague once more
      When the user logs in in the same browser
      Then the service provider refuses the login

    Scenario: The IdP of another organisation speaks of a user of this one
      Given another organisation, with the outsider in it
      And a new user of the application
      And the user has logged in before
      And the outsider's identity provider speaks of the user
      And the outsider's identity provider names the organisation of the user
      When the outsider logs in
      Then the service provider refuses the login

  @IK-SSO-16
  Rule: A registered user can also use the IdP-initiated start.

    Scenario: A registered user opens the application in the portal of the IdP
      Given a new user of the application
      And the user has logged in before
      When the user logs in from the mock IdP
      Then the service provider logs the user in

  @IK-SSO-19
  Rule: Updates happen at login, not before and not by another channel.

    Scenario: A change at the IdP alone changes nothing
      Given a new user of the application
      And the user has the role "media_library_full_access" in the directory
      And the user has logged in before
      And an administrator has noted the account of the user
      And the user has the last name "Married" in the directory
      And the user has the role "finance" in the directory
      When the user begins a login at the service provider
      Then the service provider has left the account of the user as it was
      When the user logs in
      Then the service provider shows the user with the name of the directory
      And the service provider shows the user with the role "finance"

    Scenario: What is typed at the SSO page is not stored
      Given a new user of the application
      And the user has logged in before
      And an administrator has noted the account of the user
      When the user begins a login at the service provider, and types another name and the role "account_administrator" there
      Then the service provider has left the account of the user as it was

  @IK-SSO-20
  Rule: Login without changes changes nothing (same id, same data).

    Scenario: Nothing has changed since the last login
      Given a new user of the application
      And the user has logged in before
      And an administrator has noted the account of the user
      When the user logs in
      Then the service provider logs the user in
      And the service provider has left the account of the user as it was
