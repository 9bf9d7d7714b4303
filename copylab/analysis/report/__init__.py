"""Analyses written down, one format a module with one function ``write``."""
