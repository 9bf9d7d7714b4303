"""Simulation: made-up users, real exposures, and outcomes with a known truth."""
