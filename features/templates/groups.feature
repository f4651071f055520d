@provisioning
Feature: {{title}}: groups follow the identity provider
  What the assertion says of groups becomes memberships at the service provider.

  {{#rules.groupsJoined}}
  @{{id}}
  Rule: {{statement}}

    Scenario: A group that there is gets the user as a member
      Given a new user of the application
      And the service provider has the group "Design"
      And the user has the groups "Design" in the directory
      When the user logs in
      Then the service provider logs the user in
      And the group "Design" has the user as its only member

    Scenario: Two groups at once
      Given a new user of the application
      And the service provider has the group "Design"
      And the service provider has the group "Print"
      And the user has the groups "Design, Print" in the directory
      When the user logs in
      Then the group "Design" has the user as its only member
      And the group "Print" has the user as its only member
  {{/rules.groupsJoined}}

  {{#rules.groupsMade}}
  @{{id}}
  Rule: {{statement}}

    Scenario: A group that there is not is made
      Given a new user of the application
      And the user has the groups "Brand new" in the directory
      When the user logs in
      Then the service provider has the group "Brand new" exactly once
      And the group "Brand new" has the user as its only member
  {{/rules.groupsMade}}

  {{#rules.groupsNotMade}}
  @{{id}}
  Rule: {{statement}}

    Scenario: A group that there is not is passed over
      Given a new user of the application
      And the service provider has the group "Design"
      And the user has the groups "Design, Unborn" in the directory
      When the user logs in
      Then the group "Design" has the user as its only member
      And the service provider has no group "Unborn"
  {{/rules.groupsNotMade}}

  {{#rules.groupsLeft}}
  @{{id}}
  Rule: {{statement}}

    Scenario: One of two groups is lost
      Given a new user of the application
      And the service provider has the group "Design"
      And the service provider has the group "Print"
      And the user has the groups "Design, Print" in the directory
      And the user has logged in before
      And the user has the groups "Print" in the directory
      When the user logs in
      Then the group "Design" has no members
      And the group "Print" has the user as its only member
  {{/rules.groupsLeft}}

  {{#rules.groupsAtLogin}}
  @{{id}}
  Rule: {{statement}}

    Scenario: A new group at the identity provider counts from the next login on
      Given a new user of the application
      And the service provider has the group "Design"
      And the user has logged in before
      And the user has the groups "Design" in the directory
      Then the group "Design" has no members
      When the user logs in
      Then the group "Design" has the user as its only member
  {{/rules.groupsAtLogin}}
