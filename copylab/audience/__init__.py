"""Named conditions on user attributes."""
