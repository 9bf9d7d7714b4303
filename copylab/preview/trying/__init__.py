"""Trying a message out: controls for its values, and what comes of them."""
