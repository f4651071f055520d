@saml
Feature: Cloudsmith: SAML login to an organisation
  Each organisation has an assertion consumer service, an audience and an identity provider of its own.

  @CSM-SSO-02
  Rule: Each organisation has its own ACS, whose path ends in {ACCOUNT}/saml/acs/.

    @smoke
    Scenario: Somebody logs in to an organisation
      Given a new user of the application
      When the user logs in from the mock IdP
      Then the service provider logs the user in
      And the Response was posted to the path "/{organization}/saml/acs/"

    Scenario: Another organisation has an ACS too
      Given another organisation, with the outsider in it
      When the outsider logs in from the mock IdP
      Then the service provider logs the outsider in

  @CSM-SSO-03
  Rule: {ACCOUNT} is the organisation slug; unknown slug -> error.

    Scenario: The Response arrives at an organisation that there is not
      Given a new user of the application
      And the browser takes the Response for the user to an organisation that there is not
      When the user logs in
      Then the service provider refuses the login
      And the service provider answers the refusal with an error of the request

  @CSM-SSO-04
  Rule: Audience (SP entity ID) equals the ACS URL.

    Scenario: The audience is the ACS URL
      Given a new user of the application
      When the user logs in
      Then the audience of the Response is the URL that it was posted to
      And the service provider logs the user in

    Scenario: The assertion is for another audience
      Given a new user of the application
      And the mock IdP makes the mistake "wrong-audience"
      When the user logs in
      Then the service provider refuses the login
      And the service provider has no account for the user

  @CSM-SSO-05
  Rule: An assertion for organisation A is refused at the ACS of organisation B.

    Scenario: The Response for one organisation is posted to another
      Given another organisation, with the outsider in it
      And the outsider has logged in before
      And a new user of the application
      And the browser takes the Response for the user to the other organisation
      When the user logs in
      Then the service provider refuses the login
      And the other organisation has no account for the user, but one for the outsider

    Scenario: The identity provider of one organisation speaks of a member of another
      Given another organisation, with the outsider in it
      And a new user of the application
      And the user has logged in before
      And the outsider's identity provider speaks of the user
      And the browser takes the Response for the outsider to the organisation of the user
      When the outsider logs in
      Then the service provider refuses the login

  @CSM-SSO-06
  Rule: NameID format is emailAddress.

    Scenario: Okta sends the e-mail address
      Given a new user of the application
      When the user logs in
      Then the mock IdP sent the NameID in the format "emailAddress"
      And the service provider logs the user in

  @CSM-SSO-07
  Rule: NameID value is the user's email and identifies the user.

    Scenario: The member is the one with the address of the NameID
      Given a new user of the application
      And the user has logged in before
      And an administrator has noted the account of the user
      When the user logs in
      Then the service provider still uses the same account for the user

    Scenario: An attribute with the name of somebody else makes nobody of them
      Given a new user of the application
      And the colleague has logged in before
      And the mock IdP adds the attribute "username" with the e-mail address of the colleague
      When the user logs in
      Then the service provider logs the user in
      And the service provider has an account for the user

  @CSM-SSO-08
  Rule: First and last name are sent (FirstName, LastName) and used.

    Scenario: The member has the name of the directory
      Given a new user of the application
      When the user logs in
      Then the mock IdP sent each attribute of the contract once, in the name format "unspecified"
      And the service provider shows the user with the name of the directory

    Scenario: A name beyond plain letters arrives as it was sent
      Given a new user of the application
      And the user has the first name "Ægir 李雷" in the directory
      And the user has the last name "D'Ártagnan \"The Third\"" in the directory
      When the user logs in
      Then the service provider shows the user with the name of the directory

    @expect:saml.missingNames=reject
    Scenario Outline: <attribute> is missing at the first login, which is refused
      Given a new user of the application
      And the mock IdP leaves out the attribute "<attribute>"
      When the user logs in
      Then the service provider refuses the login
      And the service provider has no account for the user

      Examples:
        | attribute |
        | FirstName |
        | LastName  |

    @expect:saml.missingNames=accept
    Scenario: The last name is missing at the first login, which is let in
      Given a new user of the application
      And the mock IdP leaves out the attribute "LastName"
      When the user logs in
      Then the service provider logs the user in

    @expect:saml.missingNames=unchecked
    Scenario: The last name is missing at the first login, which the documentation does not speak of
      Given a new user of the application
      And the mock IdP leaves out the attribute "LastName"
      When the user logs in
      Then what the service provider did about "a missing LastName" is noted, not judged

  @CSM-SSO-09
  Rule: Only assigned users/groups can use the app.

    Scenario: Who is not assigned gets no assertion
      Given a new user of the application
      And the user has logged in before
      When the mock IdP no longer assigns the user to the application
      And the user logs in
      Then the mock IdP sent nothing to the service provider

  @CSM-SSO-10
  Rule: IdP metadata is given as inline XML per organisation.

    Scenario: A login with pasted metadata fetches nothing
      Given a new user of the application
      And the mock IdP's journal is read from here on
      When the user logs in
      Then the service provider logs the user in
      And the mock IdP has served no metadata since

    Scenario Outline: What the pasted metadata does not say is not accepted (<mistake>)
      Given a new user of the application
      And the mock IdP makes the mistake "<mistake>"
      When the user logs in
      Then the service provider refuses the login

      Examples:
        | mistake      |
        | wrong-key    |
        | wrong-issuer |
        | unsigned     |

  @CSM-SSO-11
  Rule: After enabling SAML the login works at once (no further activation).

    @settings:saml=again
    Scenario: The first login after SAML was turned on again
      Given a new user of the application
      When the user logs in
      Then the service provider logs the user in

  @CSM-SSO-12
  Rule: With SAML disabled neither landing page nor ACS logs anyone in.

    @settings:saml=off,groupSync=off
    Scenario: The ACS takes no login
      Given another organisation, with the outsider in it
      And the service provider lets the outsider in at the other organisation
      And a new user of the application
      When the user logs in from the mock IdP
      Then the service provider refuses the login
      And the service provider has no account for the user

    @settings:saml=off,groupSync=off
    Scenario: The landing page sends nobody to an identity provider
      Given another organisation, with the outsider in it
      And a new user of the application
      When the outsider begins a login at the service provider
      Then the service provider sends the outsider to the IdP of their organisation
      When the user begins a login at the service provider
      Then the service provider sends the user to no IdP

  @CSM-SSO-13
  Rule: {ACCOUNT}/saml/login/ is the organisation landing page: it starts SP-initiated login at that organisation's IdP.

    Scenario: The landing page leads to a login
      Given a new user of the application
      When the user logs in from the service provider
      Then the service provider logs the user in

    Scenario: The AuthnRequest says who asks
      Given a new user of the application
      And the mock IdP's journal is read from here on
      When the user logs in from the service provider
      Then the AuthnRequest of the service provider has its entity ID as the issuer

    Scenario: The landing pages of two organisations lead to an IdP each
      Given another organisation, with the outsider in it
      And a new user of the application
      When the user begins a login at the service provider
      Then the service provider sends the user to the IdP of their organisation
      When the outsider begins a login at the service provider
      Then the service provider sends the outsider to the IdP of their organisation

  @CSM-SSO-14
  Rule: Group Sync and SCIM are optional extras: SAML login works with neither.

    @settings:groupSync=off,scim=off
    Scenario: Somebody logs in without either
      Given a new user of the application
      When the user logs in
      Then the service provider logs the user in

    Scenario: Somebody logs in whom no mapping leads to a team
      Given a new user of the application
      When the user logs in
      Then the service provider logs the user in
