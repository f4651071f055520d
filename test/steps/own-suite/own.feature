Feature: What our QA looks at besides

  Scenario: A newcomer sees the console
    Given a new user of the application
    When the user logs in
    Then the service provider logs the user in
    And the user sees the page "Users"

  Scenario: A foreign audience, with a mistake by its name
    Given a new user of the application
    And the mock IdP makes the mistake "name-id-value" with
      | value | somebody@example.test |
    When the user logs in
    Then the service provider logs the user in

  @settings:enforce=on
  Scenario: Only for idpact certify, which changes settings
    Given a new user of the application
    When the user logs in
    Then the service provider refuses the login
