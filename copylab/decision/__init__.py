"""Decisions: starting an experiment, reading its results, making a winner live."""
