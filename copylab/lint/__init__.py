"""The linter: rules, engine and formats."""
