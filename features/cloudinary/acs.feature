@saml
Feature: Cloudinary: where Responses are consumed

  @CLD-SAML-27
  Rule: The SP consumes Responses at the documented ACS path /saml/consume.

    Scenario: A login that begins at the identity provider is answered there
      Given a new user of the application
      When the user logs in from the mock IdP
      Then the service provider logs the user in
      And the Response was posted to the path "/saml/consume"

  @CLD-SAML-28
  Rule: The SP's entity ID, which is the Issuer of its requests and the Audience that it accepts, is the documented one (…/saml).

    Scenario: The AuthnRequest names the entity ID
      Given a new user of the application
      And the user has logged in before
      And the mock IdP's journal is read from here on
      When the user logs in from the service provider
      Then the service provider logs the user in
      And the AuthnRequest of the service provider has its entity ID as the issuer

    Scenario: The audience is the entity ID
      Given a new user of the application
      When the user logs in from the mock IdP
      Then the service provider logs the user in

  @CLD-SAML-29
  Rule: A second ACS can be requested: an AuthnRequest may name it, and the SP consumes the answer there.

    Scenario: The service provider asks to be answered at its second ACS
      Given a new user of the application
      And the user has logged in before
      When the user logs in from the service provider, to be answered at the second ACS
      Then the service provider logs the user in
      And the Response was posted to the second ACS

    Scenario: The identity provider posts to the second ACS by itself
      Given a new user of the application
      And the mock IdP answers at the second ACS
      When the user logs in from the mock IdP
      Then the service provider logs the user in
      And the Response was posted to the second ACS

    Scenario: A Response for another recipient is refused at the second ACS too
      Given a new user of the application
      And the mock IdP answers at the second ACS
      And the mock IdP makes the mistake "wrong-recipient"
      When the user logs in from the mock IdP
      Then the service provider refuses the login

  @CLD-SAML-32
  Rule: The mock IdP answers only at an ACS that is registered for the application.

    Scenario: An AuthnRequest asks to be answered elsewhere
      Given a new user of the application
      When an AuthnRequest asks the mock IdP to answer the user at a URL that is not registered
      Then the mock IdP refuses the request and says why
