@encryption
Feature: Encrypted Assertions, seen over several messages

  @SAML-ENC-03
  Rule: An Assertion that cannot be decrypted is refused, and always with the same answer.

    Scenario: Whatever is wrong with the encryption, the answer is one and the same
      When the user logs in with one mistake of the mock IdP after the other
        | encrypted-for-another-key |
        | ciphertext-garbage        |
        | ciphertext-spoilt         |
        | ciphertext-cut-off        |
        | ciphertext-of-nothing     |
      Then the service provider refuses them all, with one and the same answer

  @SAML-ACC-12
  Rule: An encrypted Assertion is accepted by a service provider that publishes a key for it.

    Scenario: The Assertion is encrypted by AES-256 in GCM mode, its key by RSA-OAEP
      Given the mock IdP encrypts the Assertion
      When the user logs in
      Then the service provider logs the user in
