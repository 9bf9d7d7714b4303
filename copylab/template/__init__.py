"""The language: parse, lower, bound, render."""
