@scim
Feature: Cloudinary: import from Cloudinary to Okta

  @CLD-SCIM-53
  Rule: An import reads the users of Cloudinary, and links them.

    Scenario: Somebody whom an administrator made, and who is in Okta
      Given an application that provisions to the service provider
      And the user has an account at the service provider
      And the user is in Okta
      When Okta imports from the service provider
      Then the import shows the user as an "exact" match
      And the import of the user is confirmed as a link
      And the user is renamed to "Renamed" in Okta
      And SCIM shows the user with the last name "Renamed"

  @CLD-SCIM-54
  Rule: The list of users can be read to its end, page by page: complete, and nobody twice.

    Scenario: More people than there are on a page
      Given the service provider has accounts for 12 people
      Then SCIM lists the 12 people over four pages or more, each of them once

  @CLD-SCIM-55
  Rule: Only selected and confirmed users are imported.

    Scenario: One of two is confirmed
      Given an application that provisions to the service provider
      And the user has an account at the service provider
      And the colleague has an account at the service provider
      When Okta imports from the service provider
      And the import of the user is confirmed as a new user
      Then the import shows the colleague
      And Okta has no user for the colleague

  @CLD-SCIM-56
  Rule: Changes in Cloudinary do not reach Okta by themselves; only (scheduled) imports read them.

    Scenario: A change at Cloudinary waits for an import
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "reports"
      When an administrator of the service provider renames the user to "Elsewhere"
      And 600 minutes pass for the application
      Then Okta's copy of the user has the last name of before
      And Okta imports from the service provider
      And Okta's copy of the user has the last name "Elsewhere"

  @CLD-SCIM-57
  Rule: An import picks up changes of already-linked users.

    Scenario: A name is changed in the account
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "reports"
      When an administrator of the service provider renames the user to "Elsewhere"
      Then SCIM shows the user with the last name "Elsewhere"

  @CLD-SCIM-58
  Rule: Imports can be scheduled; Never means by hand only.

    Scenario: Never
      Given an application that provisions to the service provider
      And what Okta has sent so far does not count
      When 1440 minutes pass for the application
      Then Okta sends nothing

    Scenario: Every hour
      Given an application that provisions to the service provider
      And imports are scheduled every 60 minutes
      And what Okta has sent so far does not count
      When 61 minutes pass for the application
      Then Okta sends "GET /Users, GET /Groups" and perhaps further pages

  @CLD-SCIM-59
  Rule: A scheduled import brings new users and changes of linked users.

    Scenario: Somebody new, and a change
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "reports"
      And imports are scheduled every 60 minutes
      And the newcomer has an account at the service provider
      And an administrator of the service provider renames the user to "Elsewhere"
      When 61 minutes pass for the application
      Then the import shows the newcomer
      And Okta's copy of the user has the last name "Elsewhere"

  @CLD-SCIM-62
  Rule: An imported user, once linked, is also updated from Okta.

    Scenario: Imported, then renamed in Okta
      Given an application that provisions to the service provider
      And the user has an account with the role "billing" at the service provider
      And an administrator has noted the account of the user
      And Okta imports from the service provider
      And the import of the user is confirmed as a new user
      When the user is renamed to "Renamed" in Okta
      Then SCIM shows the user with the last name "Renamed"
      And the service provider still uses the same account for the user
      And the service provider shows the user with the role "billing"

  @CLD-SCIM-68
  Rule: Users made in the console are in GET Users and accept an update.

    Scenario: Somebody whom an administrator made
      Given the user has an account at the service provider
      Then SCIM lists the user
      And SCIM shows the user with all that an import needs

  @CLD-SCIM-71
  Rule: Import Now shows only users that are not in Okta yet.

    Scenario: Who is linked is not shown
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "reports"
      And the colleague has an account at the service provider
      When Okta imports from the service provider
      Then the import does not show the user
      And the import shows the colleague

  @CLD-SCIM-74
  Rule: An import updates the Okta copy of linked users.

    Scenario: A name is changed at Cloudinary
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "reports"
      And an administrator of the service provider renames the user to "Elsewhere"
      When Okta imports from the service provider
      Then Okta's copy of the user has the last name "Elsewhere"
