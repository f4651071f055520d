@provisioning
Feature: Cloudinary: groups and product environments follow the assertion

  @CLD-PROV-16
  Rule: User.CloudinaryUserGroups is an optional string array (several AttributeValues).

    Scenario: Two values are two groups
      Given a new user of the application
      And the user has the role "media_library_user" in the directory
      And the user has the groups "Design, Print" in the directory
      When the user logs in
      Then the service provider logs the user in
      And the service provider shows the user in exactly the groups "Design, Print"

    Scenario: No groups are sent
      Given a new user of the application
      And the user has the role "media_library_user" in the directory
      And the user has no groups in the directory
      When the user logs in
      Then the service provider logs the user in
      And the service provider shows the user in exactly the groups ""

  @CLD-PROV-17
  Rule: A media_library_user is put in every listed existing group.

    Scenario: Both groups are there already
      Given a new user of the application
      And the service provider has the group "Design"
      And the service provider has the group "Print"
      And the user has the role "media_library_user" in the directory
      And the user has the groups "Design, Print" in the directory
      When the user logs in
      Then the service provider shows the user in exactly the groups "Design, Print"
      And the service provider has the group "Design" exactly once
      And the service provider has the group "Print" exactly once

    Scenario: A group is gained at a later login
      Given a new user of the application
      And the service provider has the group "Design"
      And the service provider has the group "Print"
      And the user has the role "media_library_user" in the directory
      And the user has the groups "Design" in the directory
      And the user has logged in before
      And the user has the groups "Design, Print" in the directory
      When the user logs in
      Then the service provider shows the user in exactly the groups "Design, Print"

    Scenario: Who gets the default role is put into groups too
      Given a new user of the application
      And the service provider has the group "Design"
      And the user has no role in the directory
      And the user has the groups "Design" in the directory
      When the user logs in
      Then the group "Design" has the user as its only member

  @CLD-PROV-18
  Rule: A listed group that does not exist is created and the user assigned.

    Scenario: A group that nobody has made
      Given a new user of the application
      And the user has the role "media_library_user" in the directory
      And the user has the groups "Brand new" in the directory
      When the user logs in
      Then the service provider logs the user in
      And the service provider has the group "Brand new" exactly once
      And the group "Brand new" has the user as its only member

    Scenario: One group is there and one is not
      Given a new user of the application
      And the service provider has the group "Design"
      And the user has the role "media_library_user" in the directory
      And the user has the groups "Design, Brand new" in the directory
      When the user logs in
      Then the service provider shows the user in exactly the groups "Brand new, Design"

  @CLD-PROV-19
  Rule: Groups apply only to media_library_user.

    Scenario Outline: Somebody with the role <role> is put into no group
      Given a new user of the application
      And the service provider has the group "Design"
      And the user has the role "<role>" in the directory
      And the user has the groups "Design" in the directory
      When the user logs in
      Then the service provider shows the user in exactly the groups ""
      And the group "Design" has no members

      Examples:
        | role                |
        | billing             |
        | reports             |
        | media_library_admin |

      @consent:admin-accounts
      Examples: administrators
        | role            |
        | master_admin    |
        | admin           |
        | technical_admin |

  @CLD-PROV-20
  Rule: For other roles the groups attribute is ignored: login succeeds and unknown groups are not created.

    Scenario: Groups are sent for another role
      Given a new user of the application
      And the user has the role "reports" in the directory
      And the user has the groups "Brand new" in the directory
      When the user logs in
      Then the service provider logs the user in
      And the service provider has no group "Brand new"

  @CLD-PROV-21
  Rule: User.CloudinarySubAccounts is optional; a new user without it can use all product environments.

    Scenario: No environments are sent
      Given a new user of the application
      And the user has no environments in the directory
      When the user logs in
      Then the service provider logs the user in
      And the service provider shows the user with access to all environments

  @CLD-PROV-22
  Rule: With the attribute, access is limited to exactly the environments whose cloud names are listed.

    Scenario: One of the environments is sent
      Given a new user of the application
      And the user has the environments "first" in the directory
      When the user logs in
      Then the service provider logs the user in
      And the service provider shows the user with access to exactly the environments "first"

    Scenario: Two of the environments are sent
      Given a new user of the application
      And the user has the environments "first, second" in the directory
      When the user logs in
      Then the service provider logs the user in
      And the service provider shows the user with access to exactly the environments "first, second"

  @CLD-PROV-23 @consent:admin-accounts
  Rule: For master_admin the environment list is ignored: access to all.

    Scenario: A master_admin with one environment
      Given a new user of the application
      And the user has the role "master_admin" in the directory
      And the user has the environments "first" in the directory
      When the user logs in
      Then the service provider logs the user in
      And the service provider shows the user with access to all environments

  @CLD-PROV-24
  Rule: An unknown cloud name, or an empty list, is never widened to all environments.

    Scenario: A newcomer with an unknown environment
      Given a new user of the application
      And the mock IdP sends the environments "idpact-no-such-environment" in the attribute "User.CloudinarySubAccounts"
      When the user logs in
      Then the service provider does not show the user with access to all environments

    Scenario: Somebody restricted, with an unknown environment
      Given a new user of the application
      And the user has the environments "first" in the directory
      And the user has logged in before
      And the mock IdP sends the environments "idpact-no-such-environment" in the attribute "User.CloudinarySubAccounts"
      When the user logs in
      Then the service provider does not show the user with access to all environments

    Scenario: Somebody restricted, with an empty list
      Given a new user of the application
      And the user has the environments "first" in the directory
      And the user has logged in before
      And the mock IdP sends the attribute "User.CloudinarySubAccounts" empty
      When the user logs in
      Then the service provider does not show the user with access to all environments

    @expect:saml.unknownEnvironment=reject
    Scenario: An unknown environment is refused
      Given a new user of the application
      And the mock IdP sends the environments "idpact-no-such-environment" in the attribute "User.CloudinarySubAccounts"
      When the user logs in
      Then the service provider refuses the login
      And the service provider has no account for the user

    @expect:saml.unknownEnvironment=ignore
    Scenario: Of a known and an unknown environment the known one counts
      Given a new user of the application
      And the mock IdP sends the environments "first, idpact-no-such-environment" in the attribute "User.CloudinarySubAccounts"
      When the user logs in
      Then the service provider logs the user in
      And the service provider shows the user with access to exactly the environments "first"

  @CLD-PROV-34
  Rule: A group left out of a supplied list is removed from the user.

    Scenario: One of two groups is left out
      Given a new user of the application
      And the user has the role "media_library_user" in the directory
      And the user has the groups "Design, Print" in the directory
      And the user has logged in before
      And the user has the groups "Print" in the directory
      When the user logs in
      Then the service provider shows the user in exactly the groups "Print"
      And the service provider has the group "Design" exactly once

    Scenario: The list is sent empty
      Given a new user of the application
      And the user has the role "media_library_user" in the directory
      And the user has the groups "Design" in the directory
      And the user has logged in before
      And the mock IdP sends the attribute "User.CloudinaryUserGroups" empty
      When the user logs in
      Then the service provider shows the user in exactly the groups ""

    Scenario: The groups are the identity provider's own, one is left and one is joined
      Given a new user of the application
      And the mock IdP sends its own groups in the attribute "User.CloudinaryUserGroups"
      And the user has the role "media_library_user" in the directory
      And the user is in the mock IdP's groups "Design, Print"
      And the user has logged in before
      And the user is in the mock IdP's groups "Print, Web"
      When the user logs in
      Then the service provider shows the user in exactly the groups "Print, Web"

    Scenario: The groups are the identity provider's own, and the last one is left
      Given a new user of the application
      And the mock IdP sends its own groups in the attribute "User.CloudinaryUserGroups", and an empty attribute where there are none
      And the user has the role "media_library_user" in the directory
      And the user is in the mock IdP's groups "Design"
      And the user has logged in before
      And the user is in the mock IdP's groups ""
      When the user logs in
      Then the service provider shows the user in exactly the groups ""

  @CLD-PROV-35
  Rule: An environment left out of a supplied list is removed from the user.

    Scenario: One of two environments is left out
      Given a new user of the application
      And the user has the environments "first, second" in the directory
      And the user has logged in before
      And the user has the environments "second" in the directory
      When the user logs in
      Then the service provider shows the user with access to exactly the environments "second"

    Scenario: One environment is sent for somebody who could use all
      Given a new user of the application
      And the user has logged in before
      And the user has the environments "first" in the directory
      When the user logs in
      Then the service provider shows the user with access to exactly the environments "first"

  @CLD-SAML-17
  Rule: Groups and product environments are never deleted as a side effect of SAML changes, even when the last member leaves.

    Scenario: The last member leaves a group
      Given a new user of the application
      And the service provider has the group "Design"
      And the user has the role "media_library_user" in the directory
      And the user has the groups "Design" in the directory
      And the user has logged in before
      And the user has the groups "Print" in the directory
      When the user logs in
      Then the service provider has the group "Design" exactly once
      And the group "Design" has no members

    Scenario: The last member leaves a group that a login has made
      Given a new user of the application
      And the user has the role "media_library_user" in the directory
      And the user has the groups "Brand new" in the directory
      And the user has logged in before
      And the user has the groups "Print" in the directory
      When the user logs in
      Then the service provider has the group "Brand new" exactly once

    Scenario: Environments stay when somebody loses one
      Given a new user of the application
      And the service provider has the group "Design"
      And the user has the environments "first, second" in the directory
      And the user has logged in before
      And an administrator has noted the settings of the group "Design" and of the environments
      And the user has the environments "first" in the directory
      When the user logs in
      Then the service provider has left the settings of the group "Design" and of the environments as they were

  @CLD-SAML-18
  Rule: Permissions and settings of groups and environments cannot be changed through assertions.

    Scenario Outline: An attribute <attribute> comes along
      Given a new user of the application
      And the service provider has the group "Design"
      And the user has the role "media_library_user" in the directory
      And the user has the groups "Design" in the directory
      And an administrator has noted the settings of the group "Design" and of the environments
      And the mock IdP adds the attribute "<attribute>" with the value "<value>"
      When the user logs in
      Then the service provider logs the user in
      And the service provider has left the settings of the group "Design" and of the environments as they were

      Examples:
        | attribute                   | value   |
        | User.CloudinaryPermissions  | all     |
        | Group.Permissions           | manage  |
        | SubAccount.Enabled          | false   |
        | department                  | Finance |
