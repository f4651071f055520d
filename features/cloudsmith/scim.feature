@scim
Feature: Cloudsmith: members by SCIM
  Okta makes, updates and de-provisions members of the organisation whose token it has.

  @CSM-SCIM-01
  Rule: The endpoint speaks SCIM 2.0 (schemas, ListResponse, Error, content type).

    Scenario: A list of users
      When the SCIM server is called with its own credential
      Then the SCIM server answers with users
      And the answer is SCIM by its media type

    Scenario: A user who is not there
      When the SCIM server is asked for a user that there is not
      Then the SCIM server answers with an error of SCIM

  @CSM-SCIM-02
  Rule: POST Users provisions a new organisation member.

    @smoke
    Scenario: Somebody is assigned
      Given an application that provisions to the service provider
      When the user is assigned to the application
      Then the service provider has an account for the user
      And SCIM finds the user once
      And the service provider shows the user with the name of the directory

    Scenario: Who was made by SCIM logs in by SAML as the same member
      Given an application that provisions to the service provider
      And the user is assigned to the application
      And an administrator has noted the account of the user
      When the user logs in
      Then the service provider logs the user in
      And the service provider still uses the same account for the user

  @CSM-SCIM-03
  Rule: Deactivation removes access: the user is de-provisioned from the organisation.

    @expect:scim.deactivation=inactive
    Scenario: Who is no longer assigned is inactive
      Given an application that provisions to the service provider
      And the user is assigned to the application
      When the user is no longer assigned to the application
      Then the service provider shows the user as disabled
      And SCIM shows the user as inactive

    @expect:scim.deactivation=removed
    Scenario: Who is no longer assigned is removed
      Given an application that provisions to the service provider
      And the user is assigned to the application
      When the user is no longer assigned to the application
      Then the service provider has no account for the user

    Scenario: Who was deactivated by SCIM is not let in
      Given an application that provisions to the service provider
      And the user has logged in before
      And the service provider lets the colleague in by SAML
      When the user is deactivated by SCIM
      And the user logs in
      Then the service provider refuses the login

  @CSM-SCIM-04
  Rule: Profile changes (names) are pushed and stored.

    Scenario: Somebody is renamed in Okta
      Given an application that provisions to the service provider
      And the user is assigned to the application
      When the user is renamed to "Renamed" in Okta
      Then SCIM shows the user with the last name "Renamed"
      And the service provider shows the user with the name of the directory

  @CSM-SCIM-06
  Rule: SCIM must be allowed in the organisation first; before that all SCIM calls are refused.

    @settings:scim=off
    Scenario: SCIM is not allowed
      When the SCIM server is called with its own credential
      Then the SCIM server refuses the call

    Scenario: SCIM is allowed
      When the SCIM server is called with its own credential
      Then the SCIM server answers with users

  @CSM-SCIM-08
  Rule: A SCIM base URL is configured, without the organisation in its path.

    Scenario: Users stand below the base URL
      When the SCIM server is called with its own credential
      Then the SCIM server answers with users
      And the base URL of the SCIM server does not name the organisation

  @CSM-SCIM-09
  Rule: The unique identifier for users is the email.

    Scenario: A lookup by e-mail address finds the one user, and nobody else
      Given an application that provisions to the service provider
      And the user is assigned to the application
      And the colleague is assigned to the application
      Then SCIM finds the user once
      And SCIM finds the colleague once
      And SCIM finds nobody called "nobody-at-all"

    Scenario: A create that is sent twice makes one member
      Given an application that provisions to the service provider
      And Okta makes the mistake "create-sent-twice" in what it pushes
      When Okta tries to assign the user to the application
      Then the service provider refused what Okta pushed
      And SCIM finds the user once
      And the service provider lists the user once

  @CSM-SCIM-10
  Rule: Push New Users is supported.

    Scenario: An assignment is looked up, and pushed
      Given an application that provisions to the service provider
      And what Okta has sent so far does not count
      When the user is assigned to the application
      Then Okta sends "GET /Users?filter, POST /Users"

  @CSM-SCIM-11
  Rule: Push Profile Updates is supported.

    Scenario: A change is read, and put
      Given an application that provisions to the service provider
      And the user is assigned to the application
      And what Okta has sent so far does not count
      When the user is renamed to "Renamed" in Okta
      Then Okta sends "GET /Users/{id}, PUT /Users/{id}"

  @CSM-SCIM-13
  Rule: SCIM uses HTTP Basic authentication.

    Scenario: A call without a credential
      When the SCIM server is called with no credential
      Then the SCIM server refuses the call

    Scenario: A call with the credential of the organisation
      When the SCIM server is called with its own credential
      Then the SCIM server answers with users

  @CSM-SCIM-14
  Rule: The Basic user name is the literal `token`.

    @expect:scim.wrongUsername=reject
    Scenario: Another user name with the right password
      When the SCIM server is called with the user name "admin" and the password of the connection
      Then the SCIM server refuses the call

    Scenario: The user name token with the right password
      When the SCIM server is called with the user name "token" and the password of the connection
      Then the SCIM server answers with users

    @expect:scim.bearer=accept
    Scenario: The password as a bearer token
      When the SCIM server is called with the password of the connection as a bearer token
      Then the SCIM server answers with users

    @expect:scim.bearer=reject
    Scenario: The password as a bearer token is refused
      When the SCIM server is called with the password of the connection as a bearer token
      Then the SCIM server refuses the call

    @expect:scim.bearer=unchecked
    Scenario: The password as a bearer token, which this guide does not speak of
      When the SCIM server is called with the password of the connection as a bearer token
      Then what the SCIM server answered about "a bearer token" is noted, not judged

  @CSM-SCIM-15
  Rule: The password is the organisation's SCIM token and selects the organisation.

    Scenario: A wrong password
      When the SCIM server is called with a wrong credential
      Then the SCIM server refuses the call

    Scenario: What one organisation's token makes is in no other organisation
      Given another organisation, with the outsider in it
      And the outsider has logged in before
      And an application that provisions to the service provider
      When the user is assigned to the application
      Then the service provider has an account for the user
      And the other organisation has no account for the user, but one for the outsider

    Scenario: The token of the other organisation shows its own members
      Given another organisation, with the outsider in it
      And the outsider has logged in before
      And an application that provisions to the service provider
      And the user is assigned to the application
      Then the SCIM server shows the outsider to the other organisation, and not the user

  @CSM-SCIM-16
  Rule: The connector test must succeed with right credentials and fail with wrong ones.

    Scenario: Okta tests the connector with the right credential
      When Okta tests the connector with the right credential
      Then the test of the connector succeeds

    Scenario: Okta tests the connector with a wrong credential
      When Okta tests the connector with a wrong credential
      Then the test of the connector fails

  @CSM-SCIM-17
  Rule: The three To-App actions are enabled separately.

    Scenario Outline: Without "<action>" nothing is sent for it
      Given an application that provisions to the service provider
      And the user is assigned to the application
      And the application does not <action>
      And what Okta has sent so far does not count
      When <event>
      Then Okta sends nothing

      Examples:
        | action           | event                                          |
        | create users     | the colleague is assigned to the application   |
        | update users     | the user is renamed to "Renamed" in Okta       |
        | deactivate users | the user is no longer assigned to the application |

  @CSM-SCIM-18
  Rule: De-provisioning concerns the organisation; re-assignment restores the same user.

    @expect:scim.deactivation=inactive
    Scenario: Somebody is assigned again
      Given an application that provisions to the service provider
      And the user is assigned to the application
      And an administrator has noted the account of the user
      And the user is no longer assigned to the application
      When the user is assigned to the application
      Then the service provider shows the user as enabled
      And the service provider has left the account of the user as it was
      And the service provider lists the user once

    @expect:scim.deactivation=removed
    Scenario: Somebody who was removed is assigned again
      Given an application that provisions to the service provider
      And the user is assigned to the application
      And the user is no longer assigned to the application
      When the user is assigned to the application
      Then the service provider lists the user once

  @CSM-SCIM-19
  Rule: An existing member is linked and updated by SCIM, not duplicated.

    Scenario: Who signed up by SAML is linked, and updated
      Given a new user of the application
      And the user has logged in before
      And an administrator has noted the account of the user
      And an application that provisions to the service provider
      When Okta provisions those who were assigned before
      And the user is renamed to "Renamed" in Okta
      Then the service provider still uses the same account for the user
      And the service provider lists the user once
      And SCIM shows the user with the last name "Renamed"
