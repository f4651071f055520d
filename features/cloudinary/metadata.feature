@saml
Feature: Cloudinary: the identity provider is known by its metadata

  @CLD-SAML-01 @settings:idp=plain
  Rule: The SP works with any SAML 2.0 compliant IdP, not only Okta.

    Scenario: The identity provider has nothing of Okta's shape, and the login begins there
      Given a new user of the application
      When the user logs in from the mock IdP
      Then the service provider logs the user in

    Scenario: The identity provider has nothing of Okta's shape, and the login begins at the service provider
      Given a new user of the application
      And the user has logged in before
      When the user logs in from the service provider
      Then the service provider logs the user in

    Scenario: A message that another key signed is refused from such a provider too
      Given a new user of the application
      And the mock IdP makes the mistake "wrong-key"
      When the user logs in
      Then the service provider refuses the login

  @CLD-SAML-04 @settings:metadata=url
  Rule: IdP metadata can be configured by URL and the SP fetches it.

    Scenario: The metadata is fetched
      Given a new user of the application
      When the user logs in
      Then the mock IdP has served its metadata to the service provider
      And the service provider logs the user in

    Scenario: The key that was fetched is the one that counts
      Given a new user of the application
      And the mock IdP makes the mistake "wrong-key"
      When the user logs in
      Then the service provider refuses the login

    Scenario: The login begins at the service provider
      Given a new user of the application
      And the user has logged in before
      When the user logs in from the service provider
      Then the service provider logs the user in

  @CLD-SAML-05
  Rule: IdP metadata can be configured inline as pasted XML; only what its key signed, and its entity ID issued, is accepted.

    Scenario: Nothing is fetched
      Given a new user of the application
      And the mock IdP's journal is read from here on
      When the user logs in
      Then the service provider logs the user in
      And the mock IdP has served no metadata since

  @CLD-SAML-06
  Rule: The IdP's metadata has the path shape of Okta: …/<random string>/sso/saml/metadata.

    Scenario: The mock IdP's metadata is where Okta's would be
      Then the mock IdP's metadata URL has Okta's shape
