@scim @saml
Feature: Cloudinary: one person, by SAML and by SCIM
  The same people over both protocols: however somebody came, there is one account, and it says one thing.

  @CLD-SCIM-39 @CLD-PROV-03
  Rule: Assigning somebody whom Cloudinary has already links the two, and makes nobody.

    Scenario: Made by a first login, then provisioned
      Given an application that provisions to the service provider
      And the application says by SAML what it says by SCIM
      And the application does not create users
      And the user has the Cloudinary role "reports" in Okta
      And the user is assigned to the application
      And the user logs in
      And the service provider logs the user in
      And an administrator has noted the account of the user
      When the application does create users
      And Okta provisions those who were assigned before
      And the user is renamed to "Renamed" in Okta
      Then the service provider lists the user once
      And the service provider still uses the same account for the user
      And SCIM shows the user with the last name "Renamed"

  @CLD-SCIM-32 @CLD-PROV-40
  Rule: A deactivated user cannot log in by SAML or password; reactivation restores the same account.

    Scenario: Deactivated by SCIM, and then a login with all attributes
      Given an application that provisions to the service provider
      And the application says by SAML what it says by SCIM
      And the user is assigned to the application with the role "reports"
      And the colleague is assigned to the application with the role "reports"
      And the service provider lets the user in by SAML
      When the user is deactivated by SCIM
      And the service provider lets the colleague in by SAML
      And the user logs in
      Then the service provider refuses the login
      And the service provider has an account for the user
      And the service provider shows the user as disabled

  @CLD-SCIM-36 @CLD-SCIM-37
  Rule: Of several assigned groups the one of the highest priority gives the role.

    Scenario: Role and environments of two groups, by SCIM and by SAML
      Given an application that provisions to the service provider
      And the application says by SAML what it says by SCIM
      And Okta has the group "Design" with the user
      And Okta has the group "Print" with the user
      And the group "Design" is assigned with priority 0, the role "reports" and the product environments "first"
      And the group "Print" is assigned with priority 1, the role "billing" and the product environments "second"
      And SCIM shows the user with the role "reports"
      And SCIM shows the user with the product environments "first, second"
      When the user logs in
      Then the service provider logs the user in
      And the mock IdP has said in "User.CloudinaryRole" of the user by SAML: "reports"
      And the mock IdP has said in "User.CloudinarySubAccounts" of the user by SAML: "first, second"
      And the service provider shows the user with the role "reports"
      And the user leaves the group "Design" in Okta
      And SCIM shows the user with the role "billing"
      And SCIM shows the user with the product environments "second"
      And the user logs in
      And the service provider logs the user in
      And the mock IdP has said in "User.CloudinaryRole" of the user by SAML: "billing"
      And the service provider shows the user with the role "billing"
      And the service provider shows the user with access to exactly the environments "second"

    Scenario: From one group to another, and the account stays enabled
      Given an application that provisions to the service provider
      And Okta has the group "Design" with the user
      And Okta has the group "Print" with the colleague
      And the group "Design" is assigned with priority 0, the role "reports" and the product environments "first"
      And the group "Print" is assigned with priority 1, the role "billing" and the product environments "second"
      And an administrator has noted the account of the user
      When the user joins the group "Print" in Okta
      And the user leaves the group "Design" in Okta
      Then the service provider still uses the same account for the user
      And the service provider shows the user as enabled
      And SCIM shows the user with the role "billing"
      And SCIM shows the user with the product environments "second"

  @CLD-SCIM-69 @CLD-SCIM-38
  Rule: A full update with a new role or name is applied to the same id.

    Scenario: A new e-mail address under the same username
      Given an application that provisions to the service provider
      And the application has the employee number as its username
      And the user is assigned to the application with the role "reports"
      And an administrator has noted the account of the user
      When the user gets a new e-mail address in Okta
      Then the service provider still uses the same account for the user
      And the service provider shows the user with the e-mail address of the directory

    Scenario: A new e-mail address that is the username too
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "reports"
      And an administrator has noted the account of the user
      When the user gets a new e-mail address in Okta
      Then the service provider still uses the same account for the user
      And the service provider shows the user with the e-mail address of the directory
      And SCIM finds the user once

  @CLD-SCIM-70 @settings:provisioning=off
  Rule: With SAML provisioning off, a user made by SCIM signs in with the NameID alone, and keeps role and environments.

    Scenario: Made by SCIM, renamed by SCIM, and let in by the NameID
      Given an application that provisions to the service provider
      And the user is assigned to the application with the role "billing"
      And the user is renamed to "Renamed" in Okta
      And an administrator has noted the account of the user
      And the mock IdP sends no attributes
      When the user logs in
      Then the service provider logs the user in
      And the service provider has left the account of the user as it was
