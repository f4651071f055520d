@flow
Feature: What goes on around a message

  @SAML-REL-01
  Rule: A RelayState never leads the browser to another site.

    Scenario Outline: The RelayState is of the kind: <kind>
      Given the RelayState is meant to lead elsewhere, by "<kind>"
      When the user logs in
      Then the browser of the user is led to no other site

      Examples:
        | kind                      |
        | absolute URL              |
        | URL without a scheme      |
        | backslashes for slashes   |
        | slash and backslash       |
        | URL with a single slash   |
        | URL after spaces          |
        | URL after a tab           |
        | URL with a user in it     |
        | javascript URL            |
        | data URL                  |
        | header after a line break |

  @SAML-REL-02
  Rule: A RelayState that is long or has markup in it does no harm.

    Scenario: The RelayState has markup in it
      Given the RelayState has markup in it
      When the user logs in
      Then the page has no markup of the RelayState
      And the service provider has not broken on it

    Scenario Outline: The RelayState has <length> characters
      Given the RelayState has <length> characters
      When the user logs in
      Then the service provider has not broken on it

      Examples:
        | length |
        | 81     |
        | 4000   |

  @SAML-SES-01
  Rule: A login gives the browser a new session.

    Scenario: Somebody has planted a session in the browser
      When the user logs in in a browser in which somebody has planted a session
      Then the service provider logs the user in
      And the planted session is worth nothing

  @SAML-ERR-01
  Rule: The page of a refusal shows nothing of the message, of keys or of the code.

    Scenario Outline: The login is refused for the mistake "<mistake>"
      Given the mock IdP makes the mistake "<mistake>"
      When the user logs in
      Then the page of the refusal gives nothing away

      Examples:
        | mistake               |
        | unsigned              |
        | wrong-key             |
        | signature-value-spoilt |
        | wrong-audience        |
        | expired               |
        | root-not-closed       |
        | not-base64            |
        | nothing               |
        | doctype               |
        | no-field              |

  @SAML-PAR-20 @settings:metadata=url
  Rule: An address in a message is never called: seen at a service provider that is known to reach it.

    Scenario Outline: The service provider reaches the canary's address, and leaves it alone: <mistake>
      Given the service provider reaches the mock IdP
      And the mock IdP makes the mistake "<mistake>", which calls the canary
      When the user logs in
      Then nobody has called the canary, and the page has nothing of it

      Examples:
        | mistake                   |
        | external-entity           |
        | external-public-entity    |
        | external-entity-in-name-id |
        | external-dtd              |
        | external-public-dtd       |
        | external-parameter-entity |
        | reference-external        |
        | xslt-transform            |
