@saml
Feature: ImageKit: who is registered, where, and as whom

  @IK-SSO-03
  Rule: The role is assigned in the IdP and sent in the assertion.

    Scenario: Okta sends the organisation, the name and the role
      Given a new user of the application
      And the user has the role "developer" in the directory
      When the user logs in
      Then the mock IdP sent each attribute of the contract once, in the name format "unspecified"
      And the mock IdP sent the NameID in the format "emailAddress"

  @IK-SSO-06
  Rule: No manual create or update step is needed (no invitation to accept, no approval).

    Scenario: A new user is active at once
      Given a new user of the application
      When the user logs in
      Then the service provider logs the user in
      And the service provider shows the user as enabled

    Scenario: A new user can log in again
      Given a new user of the application
      When the user logs in
      Then the service provider logs the user in
      When the user logs in
      Then the service provider logs the user in

  @IK-SSO-07
  Rule: A user with no ImageKit account must start at the IdP: unsolicited (IdP-initiated) Responses are accepted and register the user.

    @smoke
    Scenario: Somebody new opens the application in the portal of the IdP
      Given a new user of the application
      When the user logs in from the mock IdP
      Then the service provider logs the user in
      And the service provider has an account for the user

  @IK-SSO-09
  Rule: The new user is associated with the organisation named by/trusting the assertion.

    Scenario: Two organisations have a user each
      Given another organisation, with the outsider in it
      And the outsider has logged in before
      And a new user of the application
      When the user logs in
      Then the service provider logs the user in
      And the service provider has an account for the user
      And the other organisation has no account for the user, but one for the outsider

    Scenario: One e-mail address in two organisations has a role in each
      Given another organisation, with the outsider in it
      And a new user of the application
      And the user has the role "finance" in the directory
      And the outsider has the role "developer" in the directory
      And the outsider will have the address that the user has now
      And the outsider has logged in before
      And an administrator of the other organisation has noted the account of the outsider
      When the user logs in
      Then the service provider logs the user in
      And the service provider says that the user is logged in with the role "finance"
      And the service provider shows the user with the role "finance"
      And the other organisation has left the account of the outsider as it was

    Scenario: An assertion that names another organisation than the one that trusts its IdP is refused
      Given another organisation, with the outsider in it
      And the outsider's identity provider names the organisation of the user
      When the outsider logs in
      Then the service provider refuses the login

  @IK-SSO-11
  Rule: Email is the unique key: a second login with the same email never makes a second user.

    Scenario: Two logins are one user
      Given a new user of the application
      And the user has logged in before
      And an administrator has noted the account of the user
      When the user logs in
      Then the service provider still uses the same account for the user
      And the service provider lists the user once

    Scenario: Another name and another role are the same user
      Given a new user of the application
      And the user has logged in before
      And an administrator has noted the account of the user
      And the user has the last name "Married" in the directory
      And the user has the role "finance" in the directory
      When the user logs in
      Then the service provider logs the user in
      And the service provider lists the user once

    @expect:saml.emailCase=insensitive
    Scenario: The e-mail address in upper case is the same user
      Given a new user of the application
      And the user has logged in before
      And an administrator has noted the account of the user
      And the user has the e-mail address in upper case in the directory
      When the user logs in
      Then the service provider still uses the same account for the user

    @expect:saml.emailCase=unchecked
    Scenario: The e-mail address in upper case
      Given a new user of the application
      And the user has logged in before
      And the user has the e-mail address in upper case in the directory
      When the user logs in
      Then what the service provider did about "an e-mail address in upper case" is noted, not judged

  @IK-SSO-26
  Rule: If the assertion lacks email, full name or role, nothing is registered.

    Scenario Outline: The e-mail address is not there (<mistake>)
      Given a new user of the application
      And the mock IdP makes the mistake "<mistake>"
      When the user logs in
      Then the service provider refuses the login
      And the service provider has no account for the user

      Examples:
        | mistake         |
        | missing-name-id |
        | empty-name-id   |

    Scenario: The organisation is missing
      Given a new user of the application
      And the mock IdP leaves out the attribute "imagekit_id"
      When the user logs in
      Then the service provider refuses the login
      And the service provider has no account for the user

    @expect:saml.missingMandatory=reject
    Scenario Outline: <attribute> is missing at the first login
      Given a new user of the application
      And the mock IdP leaves out the attribute "<attribute>"
      When the user logs in
      Then the service provider refuses the login
      And the service provider has no account for the user

      Examples:
        | attribute     |
        | full_name     |
        | imagekit_role |

    @expect:saml.missingMandatory=reject
    Scenario Outline: <attribute> is missing at a later login
      Given a new user of the application
      And the user has logged in before
      And an administrator has noted the account of the user
      And the mock IdP leaves out the attribute "<attribute>"
      When the user logs in
      Then the service provider refuses the login
      And the service provider has left the account of the user as it was

      Examples:
        | attribute     |
        | full_name     |
        | imagekit_role |

    @expect:saml.missingMandatory=unchecked
    Scenario: Whoever comes without a role does not get the strongest one
      Given a new user of the application
      And the mock IdP leaves out the attribute "imagekit_role"
      When the user logs in
      Then the service provider does not show the user with the role "account_administrator"

    @expect:saml.emptyMandatory=reject
    Scenario Outline: <attribute> is there but empty
      Given a new user of the application
      And the mock IdP sends the attribute "<attribute>" empty
      When the user logs in
      Then the service provider refuses the login
      And the service provider has no account for the user

      Examples:
        | attribute     |
        | imagekit_id   |
        | full_name     |
        | imagekit_role |

    @expect:saml.emptyMandatory=unchecked
    Scenario: The full name is there but empty, which the documentation does not speak of
      Given a new user of the application
      And the mock IdP sends the attribute "full_name" empty
      When the user logs in
      Then what the service provider did about "full_name sent empty" is noted, not judged

  @IK-SSO-27
  Rule: A changed e-mail registers a new user; the old one stays and counts.

    Scenario: Somebody comes back with another e-mail address
      Given a new user of the application
      And the user has logged in before
      And an administrator has noted the account of the user
      And the user has a new e-mail address in the directory
      When the user logs in
      Then the service provider logs the user in
      And the service provider uses another account for the user
      And the service provider still lists the account that was noted for the user
