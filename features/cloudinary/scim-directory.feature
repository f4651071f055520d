@scim
Feature: Cloudinary: what Okta makes of its directory
  Requirements of the identity provider: the mock Okta is the one that is tested, its journal is the witness.

  @CLD-SCIM-09
  Rule: The client pushes new users, profile updates and groups.

    Scenario: A user, a change, a group
      Given an application that provisions to the service provider
      And Okta has the group "Design" with the user
      And what Okta has sent so far does not count
      When the user is assigned to the application with the role "reports"
      And the user is renamed to "Renamed" in Okta
      And the group "Design" is pushed
      Then Okta sends "GET /Users?filter, POST /Users, GET /Users/{id}, PUT /Users/{id}, GET /Groups?filter, POST /Groups, GET /Groups/{id}, PUT /Groups/{id}"

  @CLD-SCIM-10
  Rule: Push Groups is optional: without it no group is spoken of.

    Scenario: Users come without a word of groups
      Given an application that provisions to the service provider
      And the application does not push groups
      And Okta has the group "Design" with the user
      When the user is assigned to the application with the role "reports"
      Then Okta has sent nothing that begins with "POST /Groups"
      And Okta has sent nothing that begins with "GET /Groups"

  @CLD-SCIM-23
  Rule: The values of product_environments are enumerated: the cloud names of the account.

    Scenario: A cloud name that the list does not have
      Given an application that provisions to the service provider
      Then Okta refuses to assign the user with the product environments "no-such-cloud"
      And the user is assigned to the application with the role "reports" and the product environments "first"
      And Okta has sent the user with "product_environments" "first"

  @CLD-SCIM-27
  Rule: role must be given at assignment; product_environments may be.

    Scenario: Without a role, and with one
      Given an application that provisions to the service provider
      And the application requires "role"
      Then Okta refuses to assign the user without values
      And the user is assigned to the application with the role "reports"
      And Okta has sent the user with "role" "reports"

  @CLD-SCIM-28
  Rule: Both attributes may be group-scoped so members inherit the group value.

    Scenario: Members inherit what the group has
      Given an application that provisions to the service provider
      And Okta has the group "Design" with the user
      When the group "Design" is assigned with priority 0, the role "billing" and the product environments "first"
      Then Okta has sent the user with "role" "billing"
      And Okta has sent the user with "product_environments" "first"
      And Okta takes "role" of the user from "group Design"

    Scenario: The values are those of the Okta group itself, and a change of them is pushed
      Given an application that provisions to the service provider
      And Okta has the group "Design" with the user
      And the group "Design" has the Cloudinary role "billing" and the product environments "first" in Okta
      And the group "Design" is assigned to the application
      And Okta has sent the user with "role" "billing"
      And Okta has sent the user with "product_environments" "first"
      When the group "Design" has the Cloudinary role "reports" and the product environments "first, second" in Okta
      Then Okta has sent the user with "role" "reports"
      And Okta has sent the user with "product_environments" "first, second"

  @CLD-SCIM-29
  Rule: Only external names go on the wire, never the variable names of Okta.

    Scenario: No name of Okta's own is sent
      Given an application that provisions to the service provider
      And the user has the Cloudinary role "reports" in Okta
      When the user is assigned to the application
      Then Okta has sent the user with "role" "reports"
      And Okta has not sent the name "cld_role"

  @CLD-SCIM-30
  Rule: Create, update and deactivate are switched on one by one.

    Scenario: No users are created
      Given an application that provisions to the service provider
      And the application does not create users
      And what Okta has sent so far does not count
      When the user is assigned to the application with the role "reports"
      Then Okta sends nothing

    Scenario: No users are updated
      Given an application that provisions to the service provider
      And the application does not update users
      And the user is assigned to the application with the role "reports"
      And what Okta has sent so far does not count
      When the user is renamed to "Renamed" in Okta
      Then Okta sends nothing

    Scenario: No users are deactivated
      Given an application that provisions to the service provider
      And the application does not deactivate users
      And the user is assigned to the application with the role "reports"
      And what Okta has sent so far does not count
      When the user is no longer assigned to the application
      Then Okta sends nothing
      And SCIM shows the user as active

    Scenario: Suspended and deleted people are nothing that is told
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "reports"
      And what Okta has sent so far does not count
      When the user is suspended in Okta
      And the user is active again in Okta
      And the user is deleted in Okta
      Then Okta sends nothing
      And SCIM shows the user as active

    Scenario: Deactivated people are told
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "reports"
      And what Okta has sent so far does not count
      When the user is deactivated in Okta
      Then Okta sends "GET /Users/{id}, PUT /Users/{id}"
      And SCIM shows the user as inactive

  @CLD-SCIM-33
  Rule: Without defaults the values are typed at assignment.

    Scenario: The form is filled in by hand
      Given an application that provisions to the service provider
      And the application takes the values that are typed at assignment
      When the user is assigned to the application with the role "billing" and the product environments "second"
      Then Okta has sent the user with "role" "billing"
      And Okta takes "role" of the user from "typed for this person"

  @CLD-SCIM-34
  Rule: The attributes of the Okta user are product_environments and cld_role.

    Scenario: The Okta user has both
      Given an application that provisions to the service provider
      And the user has the Cloudinary role "reports" in Okta
      And the user has the product environments "first" in Okta
      When the user is assigned to the application
      Then Okta takes "role" of the user from "mapping user.cld_role"
      And Okta takes "product_environments" of the user from "mapping user.product_environments"

  @CLD-SCIM-35
  Rule: Mappings bring user.cld_role to role and user.product_environments to product_environments.

    Scenario: A value of the Okta user changes
      Given an application that provisions to the service provider
      And the user has the Cloudinary role "reports" in Okta
      And the user is assigned to the application
      And what Okta has sent so far does not count
      When the user gets the Cloudinary role "billing" in Okta
      Then Okta has sent the user with "role" "billing"
      And Okta sends "GET /Users/{id}, PUT /Users/{id}"

    Scenario: The environments of the Okta user change
      Given an application that provisions to the service provider
      And the user has the Cloudinary role "reports" in Okta
      And the user has the product environments "first" in Okta
      And the user is assigned to the application
      When the user gets the product environments "first, second" in Okta
      Then Okta has sent the user with "product_environments" "first, second"

  @CLD-SCIM-36
  Rule: Of several assigned groups the one of the highest priority gives the role.

    Scenario: Two groups, and the priorities change places
      Given an application that provisions to the service provider
      And Okta has the group "Design" with the user
      And Okta has the group "Print" with the user
      And the group "Design" is assigned with priority 0, the role "reports" and the product environments "first"
      And the group "Print" is assigned with priority 1, the role "billing" and the product environments "first"
      And Okta has sent the user with "role" "reports"
      When the group "Design" is assigned with priority 2, the role "reports" and the product environments "first"
      Then Okta has sent the user with "role" "billing"
      And the service provider shows the user with the role "billing"

  @CLD-SCIM-37
  Rule: The product environments of several assigned groups are combined.

    Scenario: Two groups, and one is left
      Given an application that provisions to the service provider
      And Okta has the group "Design" with the user
      And Okta has the group "Print" with the user
      And the group "Design" is assigned with priority 0, the role "reports" and the product environments "first"
      And the group "Print" is assigned with priority 1, the role "reports" and the product environments "first, second"
      And Okta has sent the user with "product_environments" "first, second"
      When the user leaves the group "Print" in Okta
      Then Okta has sent the user with "product_environments" "first"
      And the service provider shows the user with access to exactly the environments "first"

  @CLD-SCIM-38
  Rule: Assignment links the user; later changes are pushed automatically.

    Scenario: A change after the assignment
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "reports"
      And what Okta has sent so far does not count
      When the user is renamed to "Renamed" in Okta
      Then Okta sends "GET /Users/{id}, PUT /Users/{id}"
      And SCIM shows the user with the last name "Renamed"

  @CLD-SCIM-41
  Rule: Assigning a group assigns every member.

    Scenario: Everybody in it, who comes later, and who goes
      Given an application that provisions to the service provider
      And Okta has the group "Design" with the user and the colleague
      When the group "Design" is assigned to the application
      Then the service provider has an account for the user
      And the service provider has an account for the colleague
      And the newcomer joins the group "Design" in Okta
      And the service provider has an account for the newcomer
      And the colleague leaves the group "Design" in Okta
      And the service provider shows the colleague as disabled

    Scenario: The group is no longer assigned
      Given an application that provisions to the service provider
      And Okta has the group "Design" with the user
      And the group "Design" is assigned to the application
      When the group "Design" is no longer assigned to the application
      Then the service provider shows the user as disabled

  @CLD-SCIM-63
  Rule: The attributes of the application can be marked as required.

    Scenario: Both are required
      Given an application that provisions to the service provider
      And the application requires "role"
      And the application requires "product_environments"
      Then Okta refuses to assign the user without values
      And the user is assigned to the application with the role "reports" and the product environments "first"

  @CLD-SCIM-72
  Rule: The assignment form is filled in from the Okta user or group.

    Scenario: From the Okta user
      Given an application that provisions to the service provider
      And the user has the Cloudinary role "reports" in Okta
      Then the assignment form of the user has "reports" as "role" from "mapping user.cld_role"

    Scenario: From the Okta group
      Given an application that provisions to the service provider
      And Okta has the group "Design" with the user
      And the group "Design" has the Cloudinary role "billing" and the product environments "first, second" in Okta
      Then the assignment form of the group "Design" has "billing" as "role"
      And the assignment form of the group "Design" has "first, second" as "product_environments"

  @CLD-SCIM-73
  Rule: Enumerations and required attributes hold for Okta users and Okta groups too.

    Scenario: Profiles of people and of groups
      Given an Okta org where users and groups must have one of the Cloudinary roles and product environments
      Then that org takes a user with the role "reports" and the product environments "first"
      And that org refuses a user with the role "superuser" and the product environments "first", because of cld_role
      And that org refuses a user with the role "" and the product environments "first", because of cld_role
      And that org refuses a user with the role "reports" and the product environments "no-such-cloud", because of product_environments
      And that org refuses a user with the role "reports" and the product environments "", because of product_environments
      And that org takes a group with the role "reports" and the product environments "first, second"
      And that org refuses a group with the role "superuser" and the product environments "first", because of cld_role
      And that org refuses a group with the role "" and the product environments "first", because of cld_role
      And that org refuses a group with the role "reports" and the product environments "no-such-cloud", because of product_environments

    Scenario: A role that the list does not have, at assignment
      Given an application that provisions to the service provider
      And Okta has the group "Design" with the colleague
      Then Okta refuses to assign the user with the role "superuser"
      And Okta refuses to assign the group "Design" with the role "superuser"
