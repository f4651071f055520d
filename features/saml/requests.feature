@requests
Feature: What the service provider writes: its requests and its metadata

  @SAML-REQ-01
  Rule: A request is a well-formed AuthnRequest of version 2.0, issued now.

    Scenario: A login begins at the service provider
      When the user begins a login at the service provider
      Then the AuthnRequest has nothing wrong by "REQ-01"

  @SAML-REQ-02
  Rule: The Issuer of a request is the entity ID of the service provider.

    Scenario: A login begins at the service provider
      When the user begins a login at the service provider
      Then the AuthnRequest has nothing wrong by "REQ-02"

  @SAML-REQ-03
  Rule: A request names one of the ACS URLs of the service provider, in one way.

    Scenario: A login begins at the service provider
      When the user begins a login at the service provider
      Then the AuthnRequest has nothing wrong by "REQ-03"

  @SAML-REQ-04
  Rule: The Destination of a request is where it goes.

    Scenario: A login begins at the service provider
      When the user begins a login at the service provider
      Then the AuthnRequest has nothing wrong by "REQ-04"

  @SAML-REQ-05
  Rule: Each request has an ID of its own, which nobody guesses.

    Scenario: Two logins begin
      Given the colleague begins a login at the service provider
      When the user begins a login at the service provider
      Then the AuthnRequest has nothing wrong by "REQ-05"

  @SAML-REQ-06
  Rule: A request says nothing of its subject that is for the identity provider to say.

    Scenario: A login begins at the service provider
      When the user begins a login at the service provider
      Then the AuthnRequest has nothing wrong by "REQ-06"

  @SAML-REQ-07
  Rule: The RelayState of a request has 80 bytes at most.

    Scenario: A login begins at the service provider
      When the user begins a login at the service provider
      Then the AuthnRequest has nothing wrong by "REQ-07"

  @SAML-MD-01
  Rule: The metadata of the service provider are well-formed, and those of its entity ID.

    Scenario: The metadata are read
      When the metadata of the service provider are read
      Then the metadata have nothing wrong by "MD-01"

  @SAML-MD-02
  Rule: The metadata have a service provider that supports SAML 2.0.

    Scenario: The metadata are read
      When the metadata of the service provider are read
      Then the metadata have nothing wrong by "MD-02"

  @SAML-MD-03
  Rule: The metadata have an ACS for HTTP-POST, protected by TLS, each with an index of its own.

    Scenario: The metadata are read
      When the metadata of the service provider are read
      Then the metadata have nothing wrong by "MD-03"

  @SAML-MD-04
  Rule: Keys in the metadata can be read, and have 2048 bits at least.

    Scenario: The metadata are read
      When the metadata of the service provider are read
      Then the metadata have nothing wrong by "MD-04"

  @SAML-MD-05
  Rule: The metadata hold now.

    Scenario: The metadata are read
      When the metadata of the service provider are read
      Then the metadata have nothing wrong by "MD-05"
