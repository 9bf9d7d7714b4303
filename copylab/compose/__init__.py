"""Composing: one user, a table."""
