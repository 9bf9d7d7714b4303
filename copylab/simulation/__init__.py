"""Made-up users and outcomes with a known truth."""
