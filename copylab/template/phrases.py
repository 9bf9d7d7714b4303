"""Values in the author's words, where these are searched for phrases."""

VALUE = "\ufffc"
"""Stands for a value in what the author wrote: OBJECT REPLACEMENT CHARACTER."""
