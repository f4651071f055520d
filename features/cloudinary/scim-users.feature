@scim
Feature: Cloudinary: users by SCIM
  Whom Okta assigns has an account at Cloudinary, as Okta says it.

  @CLD-SCIM-01
  Rule: User and group changes pushed by the IdP take effect in Cloudinary with no manual step.

    @smoke
    Scenario: An assignment, and a change
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "reports"
      And the service provider shows the user with the role "reports"
      When the user is renamed to "Renamed" in Okta
      Then SCIM shows the user with the last name "Renamed"
      And the service provider shows the user with the name of the directory

    Scenario: The same with an application of Okta's catalogue
      Given an application of Okta's catalogue that provisions to the service provider
      And the user is assigned to the application with the role "reports"
      When the user is renamed to "Renamed" in Okta
      Then SCIM shows the user with the last name "Renamed"
      And the service provider shows the user with the name of the directory

  @CLD-SCIM-08
  Rule: userName is the unique identifier: a filter for it finds the one user or nobody.

    Scenario: A filter finds the user that it names, and nobody else
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "reports"
      And the colleague is assigned to the application with the role "reports"
      Then SCIM finds the user once
      And SCIM finds the colleague once
      And SCIM finds nobody called "nobody-at-all"

    Scenario: A create that is sent twice makes one account
      Given an application that provisions to the service provider
      And Okta makes the mistake "create-sent-twice" in what it pushes
      When Okta tries to assign the user to the application
      Then the service provider refused what Okta pushed
      And SCIM finds the user once
      And the service provider lists the user once

    Scenario: A user without a userName is refused
      Given an application that provisions to the service provider
      And Okta makes the mistake "missing-required-attribute" in what it pushes
      When Okta tries to assign the user to the application
      Then the service provider refused what Okta pushed
      And the service provider has no account for the user

  @CLD-SCIM-20
  Rule: role and product_environments stand at the top level of the User.

    Scenario: Both stand at the top level
      Given an application that provisions to the service provider
      When the user is assigned to the application with the role "billing" and the product environments "first"
      Then Okta has sent the user with "role" "billing"
      And the service provider shows the user with the role "billing"
      And the service provider shows the user with access to exactly the environments "first"

    Scenario: Nested in an object of the core URN, which is read or ignored, and never refused
      Given an application that provisions to the service provider
      And the user has the Cloudinary role "reports" in Okta
      And Okta makes the mistake "nested-custom-attributes" in what it pushes
      When Okta tries to assign the user to the application
      Then the service provider has an account for the user
      And the service provider does not show the user with the role "master_admin"

  @CLD-SCIM-21
  Rule: The environments are an array of cloud names called product_environments.

    Scenario: One environment, and then two
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "reports" and the product environments "first"
      And SCIM shows the user with the product environments "first"
      When the user is assigned to the application with the role "reports" and the product environments "first, second"
      Then SCIM shows the user with the product environments "first, second"
      And the service provider shows the user with access to exactly the environments "first, second"

    Scenario: An environment that the account does not have is refused, and nobody is made
      Given an application that provisions to the service provider
      And Okta makes the mistake "unknown-product-environment" in what it pushes
      When Okta tries to assign the user to the application
      Then the service provider refused what Okta pushed
      And the service provider has no account for the user

  @CLD-SCIM-22
  Rule: Without product_environments a user has all product environments.

    Scenario: A user is made without them
      Given an application that provisions to the service provider
      When the user is assigned to the application with the role "reports"
      Then the service provider shows the user with access to all environments

  @CLD-SCIM-24
  Rule: The role attribute is named role, a single string.

    Scenario: One text, as it was sent
      Given an application that provisions to the service provider
      When the user is assigned to the application with the role "technical_admin"
      Then SCIM shows the user with the role "technical_admin"

    @expect:scim.roleMissing=default
    Scenario: A user without a role has the default role
      Given an application that provisions to the service provider
      When the user is assigned to the application
      Then the service provider shows the user with the role "media_library_user"

    @expect:scim.roleMissing=reject
    Scenario: A user without a role is refused
      Given an application that provisions to the service provider
      When Okta tries to assign the user to the application
      Then the service provider refused what Okta pushed
      And the service provider has no account for the user

    Scenario: A user without a role is never an administrator
      Given an application that provisions to the service provider
      When Okta tries to assign the user to the application
      Then the service provider does not show the user with the role "master_admin"
      And the service provider does not show the user with the role "admin"
      And the service provider does not show the user with the role "technical_admin"

  @CLD-SCIM-25 @consent:admin-accounts
  Rule: The same seven role values are accepted over SCIM.

    Scenario Outline: <role> is accepted, at creation and later
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "<role>"
      And the service provider shows the user with the role "<role>"
      When the user is assigned to the application with the role "<other>"
      Then the service provider shows the user with the role "<other>"

      Examples:
        | role                | other               |
        | master_admin        | admin               |
        | admin               | technical_admin     |
        | technical_admin     | billing             |
        | billing             | reports             |
        | reports             | media_library_admin |
        | media_library_admin | media_library_user  |
        | media_library_user  | master_admin        |

  @CLD-SCIM-26
  Rule: A role outside the seven is refused.

    @expect:scim.unknownRole=reject
    Scenario: A user with a role that there is not
      Given an application that provisions to the service provider
      And the user has the Cloudinary role "reports" in Okta
      And the colleague has the Cloudinary role "reports" in Okta
      And Okta makes the mistake "unknown-role" in what it pushes
      When Okta tries to assign the user to the application
      Then the service provider refused what Okta pushed
      And the service provider has no account for the user
      And the colleague is assigned to the application
      And the service provider has an account for the colleague

    @expect:scim.unknownRole=default|unchecked
    Scenario: A role that there is not makes nobody an administrator
      Given an application that provisions to the service provider
      And the user has the Cloudinary role "reports" in Okta
      And Okta makes the mistake "unknown-role" in what it pushes
      When Okta tries to assign the user to the application
      Then the service provider does not show the user with the role "master_admin"
      And the service provider does not show the user with the role "admin"
      And the service provider does not show the user with the role "technical_admin"

    @expect:scim.unknownRole=default
    Scenario: A role that there is not becomes the default role
      Given an application that provisions to the service provider
      And the user has the Cloudinary role "reports" in Okta
      And Okta makes the mistake "unknown-role" in what it pushes
      When Okta tries to assign the user to the application
      Then the service provider shows the user with the role "media_library_user"

  @CLD-SCIM-31
  Rule: Deactivation (active: false) disables the Cloudinary user.

    Scenario Outline: Access is taken away by <kind>
      Given <kind> that provisions to the service provider
      And the user is assigned to the application with the role "reports"
      When the user is no longer assigned to the application
      Then SCIM shows the user as inactive
      And the service provider shows the user as disabled

      Examples:
        | kind                              |
        | an application                    |
        | an application of Okta's catalogue |

    Scenario: A deactivation that comes twice
      Given an application of Okta's catalogue that provisions to the service provider
      And the user is assigned to the application with the role "reports"
      And Okta makes the mistake "deactivated-user-pushed-again" in what it pushes
      When the user is no longer assigned to the application
      Then SCIM shows the user as inactive
      And the service provider shows the user as disabled

  @CLD-SCIM-32
  Rule: A deactivated user cannot log in by SAML or password; reactivation restores the same account.

    @settings:provisioning=off
    Scenario: Who is deactivated gets no session, and again a session when active
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "reports"
      And the colleague is assigned to the application with the role "reports"
      And the service provider lets the user in by SAML
      When the user is deactivated by SCIM
      And the service provider lets the colleague in by SAML
      And the user logs in
      Then the service provider refuses the login
      And the service provider has an account for the colleague

    Scenario: Assigned again, it is the same account
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "reports"
      And an administrator has noted the account of the user
      And the user is no longer assigned to the application
      When the user is assigned to the application
      Then the service provider shows the user as enabled
      And the service provider still uses the same account for the user
      And the service provider lists the user once

    Scenario: Whom a login has made, and SCIM deactivates, gets no session and keeps the account
      Given a new user of the application
      And the user has the e-mail address as username in the directory
      And the user has logged in before
      And the service provider lets the colleague in by SAML
      When the user is deactivated by SCIM
      And the service provider shows the user as disabled
      And the user logs in
      Then the service provider refuses the login
      And the service provider has an account for the user

    Scenario: Who is assigned again is let in again, to the same account
      Given an application that provisions to the service provider
      And the user has the e-mail address as username in the directory
      And the user is assigned to the application with the role "reports"
      And an administrator has noted the account of the user
      And the user is no longer assigned to the application
      And the service provider shows the user as disabled
      When the user is assigned to the application
      And the user logs in
      Then the service provider logs the user in
      And the service provider still uses the same account for the user

    Scenario: A password is no way in either
      Given the user has an account and a password at the service provider
      And the service provider lets a colleague in with a password
      When the user is deactivated by SCIM
      And the user logs in with the password
      Then the service provider refuses the login

  @CLD-SCIM-39
  Rule: Assigning somebody whom Cloudinary has already links the two, and makes nobody.

    Scenario: Somebody whom an administrator made is assigned
      Given an application that provisions to the service provider
      And the user has an account at the service provider
      And an administrator has noted the account of the user
      When the user is assigned to the application with the role "billing"
      Then the service provider lists the user once
      And the service provider still uses the same account for the user
      And the service provider shows the user with the role "billing"

  @CLD-SCIM-40
  Rule: Attributes that Cloudinary does not know are ignored, never an error.

    Scenario: Okta sends locale, password and groups, which are not Cloudinary's
      Given an application that provisions to the service provider
      When the user is assigned to the application with the role "reports"
      Then Okta has sent the user with "locale" "en-US"
      And the service provider has an account for the user

    Scenario: Attributes of the core, of the enterprise extension, and of nobody
      Given an application that provisions to the service provider
      And the application also sends these attributes:
        | name       | as                                | namespace                                                  | value        |
        | nickName   | nickName                          | urn:ietf:params:scim:schemas:core:2.0:User                 | Nick         |
        | workPhone  | phoneNumbers.^[type=='work'].value | urn:ietf:params:scim:schemas:core:2.0:User                 | 555-0100     |
        | department | department                        | urn:ietf:params:scim:schemas:extension:enterprise:2.0:User | Photo desk   |
        | favourite  | favouriteColour                   | urn:ietf:params:scim:schemas:core:2.0:User                 | green        |
      When the user is assigned to the application with the role "reports"
      Then Okta has sent the user with "favouriteColour" "green"
      And the service provider has an account for the user
      And the service provider shows the user with the role "reports"
      And the user is renamed to "Renamed" in Okta
      And SCIM shows the user with the last name "Renamed"

  @CLD-SCIM-60
  Rule: role and product_environments read the same as they were written, by SCIM and in the account.

    Scenario: Written, read by SCIM, read in the account
      Given an application that provisions to the service provider
      When the user is assigned to the application with the role "media_library_admin" and the product environments "second"
      Then SCIM shows the user with the role "media_library_admin"
      And SCIM shows the user with the product environments "second"
      And the service provider shows the user with the role "media_library_admin"
      And the service provider shows the user with access to exactly the environments "second"

  @CLD-SCIM-64
  Rule: Users are provisioned though no group is ever pushed.

    Scenario: Without any group
      Given an application that provisions to the service provider
      And the application does not push groups
      And the user is assigned to the application with the role "reports"
      When the user is renamed to "Renamed" in Okta
      And the user is no longer assigned to the application
      Then the service provider shows the user as disabled
      And Okta has sent nothing that begins with "POST /Groups"

  @CLD-SCIM-69
  Rule: A full update with a new role or name is applied to the same id.

    Scenario: A new role and a new name
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "reports"
      And an administrator has noted the account of the user
      When the user is assigned to the application with the role "billing"
      And the user is renamed to "Renamed" in Okta
      Then the service provider still uses the same account for the user
      And the service provider shows the user with the role "billing"
      And SCIM shows the user with the role "billing"
      And SCIM shows the user with the last name "Renamed"

    Scenario Outline: A body that is <mistake> is refused, and nothing changes
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "reports"
      And an administrator has noted the account of the user
      And Okta makes the mistake "<mistake>" in what it pushes
      When Okta tries to rename the user to "Spoilt"
      Then the service provider refused what Okta pushed
      And the service provider has left the account of the user as it was

      Examples:
        | mistake          |
        | malformed-json   |
        | wrong-media-type |

    Scenario: An update for an older version is refused, or applied to the same account
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "reports"
      And an administrator has noted the account of the user
      And Okta makes the mistake "stale-update" in what it pushes
      When Okta tries to rename the user to "Later"
      Then the service provider still uses the same account for the user
      And the service provider lists the user once
      And the user is renamed to "Renamed" in Okta
      And SCIM shows the user with the last name "Renamed"

  @CLD-SCIM-70 @settings:provisioning=off
  Rule: With SAML provisioning off, a user made by SCIM signs in with the NameID alone, and keeps role and environments.

    Scenario: A login of somebody whom SCIM has made
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "reports" and the product environments "first"
      And an administrator has noted the account of the user
      When the user logs in
      Then the service provider logs the user in
      And the service provider has left the account of the user as it was
