Feature: What our people see

  Scenario: A newcomer is welcomed
    Given a new user of the application
    When the user logs in
    Then the service provider logs the user in
    And the user sees the page "Welcome"

  Scenario: A Response for somebody else's service provider opens no door
    Given a new user of the application
    And the mock IdP makes the mistake "wrong-audience"
    When the user logs in
    Then the service provider refuses the login
    And the service provider has no account for the user
