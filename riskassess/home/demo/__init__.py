"""The founding briefing: YAML in `fixtures/briefing/`, put into the database through the services."""
