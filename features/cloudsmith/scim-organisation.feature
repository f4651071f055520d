@scim
Feature: Cloudsmith: the SCIM connection of an organisation
  Okta provisions into the organisation whose token it has, once that has allowed it.

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
