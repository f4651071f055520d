@saml
Feature: Cloudsmith: Group Sync
  Asserted groups become memberships of teams, by mappings of an attribute's name and a value.

  @CSM-GRP-01
  Rule: Mappings turn asserted groups into team memberships.

    @smoke
    Scenario: A group of Okta leads to a team
      Given the service provider maps the group "Dev" in the attribute "Groups" to the team "Developers"
      And a new user of the application
      And the mock IdP sends its own groups in the attribute "Groups"
      And the user is in the mock IdP's groups "Dev"
      When the user logs in
      Then the service provider logs the user in
      And the group "Developers" has the user as its only member

    Scenario: Two people of one group are in one team
      Given the service provider maps the group "Dev" in the attribute "Groups" to the team "Developers"
      And a new user of the application
      And the mock IdP sends its own groups in the attribute "Groups"
      And the user is in the mock IdP's groups "Dev"
      And the colleague is in the mock IdP's groups "Dev"
      And the colleague has logged in before
      When the user logs in
      Then the group "Developers" has the members the user and the colleague

  @CSM-GRP-02
  Rule: SAML must be set up before Group Sync.

    @settings:saml=off,groupSync=off
    Scenario: Group Sync cannot be turned on while SAML is off
      When an administrator turns Group Sync on
      Then the service provider refuses to turn Group Sync on

    Scenario: It can while SAML is on
      When an administrator turns Group Sync on
      Then the service provider turns Group Sync on

  @CSM-GRP-03
  Rule: Okta sends a group attribute statement: a name plus the filtered group names as values.

    Scenario: Only groups that the filter lets through are sent
      Given a new user of the application
      And the mock IdP sends its own groups in the attribute "Groups" that begin with "Dev"
      And the user is in the mock IdP's groups "Dev, Developers, Sales"
      When the user logs in
      Then the mock IdP sent the groups "Dev, Developers" in the attribute "Groups"

    Scenario: Who is in no such group comes without the attribute
      Given a new user of the application
      And the mock IdP sends its own groups in the attribute "Groups" that begin with "Dev"
      And the user is in the mock IdP's groups "Sales"
      When the user logs in
      Then the mock IdP sent no attribute "Groups"

  @CSM-GRP-04
  Rule: Mapping key and value must equal the SAML attribute name and value.

    Scenario: Key and value differ
      Given the service provider maps the group "Dev" in the attribute "Department" to the team "Developers"
      And a new user of the application
      And the mock IdP sends its own groups in the attribute "Department"
      And the user is in the mock IdP's groups "Dev"
      When the user logs in
      Then the group "Developers" has the user as its only member

    Scenario Outline: <what> does not fit
      Given the service provider maps the group "Dev" in the attribute "Groups" to the team "Developers"
      And the service provider maps the group "Other" in the attribute "Groups" to the team "Others"
      And a new user of the application
      And the mock IdP sends its own groups in the attribute "<attribute>"
      And the user is in the mock IdP's groups "<groups>"
      When the user logs in
      Then the service provider logs the user in
      And the group "Developers" has no members

      Examples:
        | what                                    | attribute | groups     |
        | Another name of the attribute           | Group     | Dev        |
        | The name of the attribute in other case | groups    | Dev        |
        | A value that only begins alike          | Groups    | Developers |
        | The value in other case                 | Groups    | dev        |

  @CSM-GRP-05
  Rule: Assignment to the team is automatic at login (no approval).

    Scenario: The membership is there right after the first login
      Given the service provider maps the group "Dev" in the attribute "Groups" to the team "Developers"
      And a new user of the application
      And the mock IdP sends its own groups in the attribute "Groups"
      And the user is in the mock IdP's groups "Dev"
      When the user logs in
      Then the group "Developers" has the user as its only member

  @CSM-GRP-06
  Rule: Sync is applied only at (re-)login.

    Scenario: A new mapping counts from the next login on
      Given a new user of the application
      And the mock IdP sends its own groups in the attribute "Groups"
      And the user is in the mock IdP's groups "Dev"
      And the user has logged in before
      When the service provider maps the group "Dev" in the attribute "Groups" to the team "Developers"
      Then the group "Developers" has no members
      When the user logs in
      Then the group "Developers" has the user as its only member

    Scenario: A new group of Okta counts from the next login on
      Given the service provider maps the group "Dev" in the attribute "Groups" to the team "Developers"
      And a new user of the application
      And the mock IdP sends its own groups in the attribute "Groups"
      And the user has logged in before
      When the user is in the mock IdP's groups "Dev"
      Then the group "Developers" has no members
      When the user logs in
      Then the group "Developers" has the user as its only member

  @CSM-GRP-07
  Rule: Several groups/mappings work together.

    Scenario: Two groups lead to two teams
      Given the service provider maps the group "Dev" in the attribute "Groups" to the team "Developers"
      And the service provider maps the group "Ops" in the attribute "Groups" to the team "Operators"
      And a new user of the application
      And the mock IdP sends its own groups in the attribute "Groups"
      And the user is in the mock IdP's groups "Dev, Ops"
      When the user logs in
      Then the group "Developers" has the user as its only member
      And the group "Operators" has the user as its only member

    Scenario: One group leads to two teams
      Given the service provider maps the group "Dev" in the attribute "Groups" to the team "Developers"
      And the service provider maps the group "Dev" in the attribute "Groups" to the team "Everybody"
      And a new user of the application
      And the mock IdP sends its own groups in the attribute "Groups"
      And the user is in the mock IdP's groups "Dev"
      When the user logs in
      Then the group "Developers" has the user as its only member
      And the group "Everybody" has the user as its only member

  @CSM-GRP-08
  Rule: A group lost in the IdP is removed from the team at the next login.

    @expect:groupSync.removeUnmatched=mappedTeams|allTeams
    Scenario: One of two groups is lost
      Given the service provider maps the group "Dev" in the attribute "Groups" to the team "Developers"
      And the service provider maps the group "Ops" in the attribute "Groups" to the team "Operators"
      And a new user of the application
      And the mock IdP sends its own groups in the attribute "Groups"
      And the user is in the mock IdP's groups "Dev, Ops"
      And the user has logged in before
      And the user is in the mock IdP's groups "Ops"
      When the user logs in
      Then the group "Developers" has no members
      And the group "Operators" has the user as its only member

    @expect:groupSync.removeUnmatched=mappedTeams|allTeams
    Scenario: The last group is lost, and the attribute is left out
      Given the service provider maps the group "Dev" in the attribute "Groups" to the team "Developers"
      And a new user of the application
      And the mock IdP sends its own groups in the attribute "Groups"
      And the user is in the mock IdP's groups "Dev"
      And the user has logged in before
      And the user is in the mock IdP's groups ""
      When the user logs in
      Then the group "Developers" has no members

    @expect:groupSync.removeUnmatched=mappedTeams|allTeams
    Scenario: The last group is lost, and the attribute is sent empty
      Given the service provider maps the group "Dev" in the attribute "Groups" to the team "Developers"
      And a new user of the application
      And the mock IdP sends its own groups in the attribute "Groups", and an empty attribute where there are none
      And the user is in the mock IdP's groups "Dev"
      And the user has logged in before
      And the user is in the mock IdP's groups ""
      When the user logs in
      Then the group "Developers" has no members

    @expect:groupSync.removeUnmatched=never
    Scenario: A group that was lost leaves the membership
      Given the service provider maps the group "Dev" in the attribute "Groups" to the team "Developers"
      And a new user of the application
      And the mock IdP sends its own groups in the attribute "Groups"
      And the user is in the mock IdP's groups "Dev"
      And the user has logged in before
      And the user is in the mock IdP's groups ""
      When the user logs in
      Then the group "Developers" has the user as its only member

  @CSM-GRP-09
  Rule: Group Sync never creates teams; a mapping needs an existing team.

    Scenario: A group that nothing maps makes no team
      Given the service provider maps the group "Dev" in the attribute "Groups" to the team "Developers"
      And a new user of the application
      And the mock IdP sends its own groups in the attribute "Groups"
      And the user is in the mock IdP's groups "Dev, Unborn"
      When the user logs in
      Then the group "Developers" has the user as its only member
      And the service provider has no group "Unborn"

    Scenario: A mapping to a team that there is not is refused
      When an administrator maps the group "Dev" in the attribute "Groups" to the team "Unborn", which there is not
      Then the service provider refuses the mapping
      And the service provider has no group "Unborn"
