@scim
Feature: Cloudinary: group push by SCIM

  @CLD-SCIM-42
  Rule: Pushing a group creates a Cloudinary group of that name.

    Scenario: A group is pushed
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "media_library_user"
      And Okta has the group "Design" with the user
      When the group "Design" is pushed
      Then the service provider has the group "Design" exactly once
      And SCIM finds the group "Design" once

  @CLD-SCIM-43
  Rule: The pushed group is filled with the already-assigned members.

    Scenario Outline: Those who are assigned are its members, by <kind>
      Given <kind> that provisions to the service provider
      And the user is assigned to the application with the role "media_library_user"
      And the colleague is assigned to the application with the role "media_library_user"
      And Okta has the group "Design" with the user and the colleague
      When the group "Design" is pushed
      Then the pushed group "Design" has the user and the colleague

      Examples:
        | kind                              |
        | an application                    |
        | an application of Okta's catalogue |

    Scenario: Members in two requests at the same moment are all members
      Given an application of Okta's catalogue that provisions to the service provider
      And the user is assigned to the application with the role "media_library_user"
      And the colleague is assigned to the application with the role "media_library_user"
      And Okta has the group "Design" with the user and the colleague
      And Okta makes the mistake "members-in-two-requests" in what it pushes
      When the group "Design" is pushed
      Then the pushed group "Design" has the user and the colleague

  @CLD-SCIM-44
  Rule: Members who are not assigned are left out of the push and are not created.

    Scenario: A member who is not assigned
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "media_library_user"
      And Okta has the group "Design" with the user and the colleague
      When the group "Design" is pushed
      Then the pushed group "Design" has the user
      And the service provider has no account for the colleague

  @CLD-SCIM-45
  Rule: A group that Cloudinary does not have is created and linked.

    Scenario: Okta looks, and then makes the group
      Given an application that provisions to the service provider
      And Okta has the group "Design" with the user
      And what Okta has sent so far does not count
      When the group "Design" is pushed
      Then Okta sends "GET /Groups?filter, POST /Groups"
      And Okta lists the group "Design" as "ACTIVE"

  @CLD-SCIM-46
  Rule: A group that Cloudinary has already is linked, and none is made.

    Scenario: The group of the same name
      Given an application that provisions to the service provider
      And the service provider has the group "Design" already
      And the user is assigned to the application with the role "media_library_user"
      And Okta has the group "Design" with the user
      When the group "Design" is pushed
      Then the service provider has the group "Design" exactly once
      And the pushed group "Design" has the user
      And Okta has sent nothing that begins with "POST /Groups"

    Scenario: A group of another name
      Given an application that provisions to the service provider
      And the service provider has the group "Print" already
      And the user is assigned to the application with the role "media_library_user"
      And Okta has the group "Design" with the user
      When the group "Design" is pushed and linked to the group "Print" of the service provider
      Then the pushed group "Print" has the user
      And the service provider has no group "Design"

  @CLD-SCIM-47
  Rule: Membership and name changes of a linked group are pushed and applied.

    Scenario Outline: Somebody comes, somebody goes, and the name changes, by <kind>
      Given <kind> that provisions to the service provider
      And the user is assigned to the application with the role "media_library_user"
      And the colleague is assigned to the application with the role "media_library_user"
      And Okta has the group "Design" with the user
      And the group "Design" is pushed
      When the colleague joins the group "Design" in Okta
      And the user leaves the group "Design" in Okta
      And the group "Design" is renamed to "Layout" in Okta
      Then the pushed group "Layout" has the colleague
      And the service provider has no group "Design"

      Examples:
        | kind                              |
        | an application                    |
        | an application of Okta's catalogue |

    Scenario: A member whom nobody knows is refused, and the group stays as it was
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "media_library_user"
      And the colleague is assigned to the application with the role "media_library_user"
      And Okta has the group "Design" with the user
      And the group "Design" is pushed
      And Okta makes the mistake "unknown-members" in what it pushes
      When Okta tries to put the colleague into the group "Design"
      Then the service provider refused what Okta pushed
      And the pushed group "Design" has the user

  @CLD-SCIM-48
  Rule: A deactivated push sends no new memberships; existing members stay.

    Scenario: The push is deactivated, and active again
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "media_library_user"
      And the colleague is assigned to the application with the role "media_library_user"
      And Okta has the group "Design" with the user
      And the group "Design" is pushed
      And the push of the group "Design" is deactivated
      And what Okta has sent so far does not count
      When the colleague joins the group "Design" in Okta
      Then Okta sends nothing
      And the pushed group "Design" has the user
      And the push of the group "Design" is active again
      And the pushed group "Design" has the user and the colleague

  @CLD-SCIM-49
  Rule: Unlinking keeps the group in Cloudinary, or deletes it there.

    Scenario: It is kept
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "media_library_user"
      And Okta has the group "Design" with the user
      And the group "Design" is pushed
      And what Okta has sent so far does not count
      When the group "Design" is unlinked and kept
      Then Okta sends nothing
      And the pushed group "Design" has the user

    Scenario: It is deleted
      Given an application that provisions to the service provider
      And Okta has the group "Design" with the user
      And the group "Design" is pushed
      And what Okta has sent so far does not count
      When the group "Design" is unlinked and deleted
      Then Okta sends "DELETE /Groups/{id}"
      And the group "Design" of the service provider is gone, by SCIM and in the account

  @CLD-SCIM-50
  Rule: Deleting a group does not delete or disable its members.

    Scenario: A group goes, its members stay
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "media_library_user"
      And Okta has the group "Design" with the user
      And the group "Design" is pushed
      When the group "Design" is unlinked and deleted
      Then the service provider still has the user, enabled
      And SCIM shows the user as active

  @CLD-SCIM-51
  Rule: Push now sends the whole membership at once.

    Scenario: Everybody, though nothing has changed in Okta
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "media_library_user"
      And Okta has the group "Design" with the user
      And the group "Design" is pushed
      And what Okta has sent so far does not count
      When the group "Design" is pushed now
      Then Okta sends "GET /Groups/{id}, PUT /Groups/{id}"

  @CLD-SCIM-52
  Rule: Okta lists the groups that are linked.

    Scenario: By name, and by a rule
      Given an application that provisions to the service provider
      And Okta has the group "Design" with the user
      And Okta has the group "Print" with the user
      When the group "Design" is pushed
      And groups whose name contains "Print" are pushed by a rule
      Then Okta lists the group "Design" as "ACTIVE"
      And Okta lists the group "Print" as "ACTIVE"

  @CLD-SCIM-61
  Rule: Name and members of a pushed group are the same by SCIM and in the account.

    Scenario: Two views of one group
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "media_library_user"
      And the colleague is assigned to the application with the role "media_library_user"
      And Okta has the group "Design" with the user and the colleague
      When the group "Design" is pushed
      Then the pushed group "Design" has the user and the colleague
      And the service provider shows the user in exactly the groups "Design"

  @CLD-SCIM-65
  Rule: Groups made in the console or by SAML are listed and found by displayName.

    Scenario: A group that an administrator made
      Given an application that provisions to the service provider
      When the service provider has the group "Design" already
      Then SCIM finds the group "Design" once
      And SCIM lists the group "Design"

    Scenario: A group that a login has made, and a push is linked to it
      Given a new user of the application
      And the user has the e-mail address as username in the directory
      And the user has the role "media_library_user" in the directory
      And the user has the groups "Design" in the directory
      And the user has logged in before
      And an application that provisions to the service provider
      And SCIM finds the group "Design" once
      And the colleague is assigned to the application with the role "media_library_user"
      And Okta has the group "Design" with the colleague
      When the group "Design" is pushed
      Then the service provider has the group "Design" exactly once
      And the pushed group "Design" has the colleague

  @CLD-SCIM-66
  Rule: A pushed group can be deleted, and is gone then; its users stay.

    Scenario: Deleted is gone
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "media_library_user"
      And Okta has the group "Design" with the user
      And the group "Design" is pushed
      When the group "Design" is unlinked and deleted
      Then the group "Design" of the service provider is gone, by SCIM and in the account

  @CLD-SCIM-67
  Rule: A full membership replaces the one that was there.

    Scenario Outline: What was changed at the service provider is put right, by <kind>
      Given <kind> that provisions to the service provider
      And the user is assigned to the application with the role "media_library_user"
      And the colleague is assigned to the application with the role "media_library_user"
      And Okta has the group "Design" with the user
      And the group "Design" is pushed
      And an administrator of the service provider makes the colleague the only member of the group "Design"
      When the group "Design" is pushed now
      Then the pushed group "Design" has the user

      Examples:
        | kind                              |
        | an application                    |
        | an application of Okta's catalogue |

    Scenario: A group whose last member leaves
      Given an application of Okta's catalogue that provisions to the service provider
      And the user is assigned to the application with the role "media_library_user"
      And Okta has the group "Design" with the user
      And the group "Design" is pushed
      When the user leaves the group "Design" in Okta
      Then the pushed group "Design" has nobody

    Scenario: Ten thousand entries of one member are one member, or too many
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "media_library_user"
      And Okta has the group "Design" with the user
      And Okta makes the mistake "huge-group" in what it pushes
      When Okta tries to push the group "Design"
      Then the service provider still has the user, enabled
      And the group "Design" is pushed now
      And the pushed group "Design" has the user
