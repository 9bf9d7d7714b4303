"""Named conditions on user attributes.

A condition is a small part of SQL, with a meaning of its own: ``parse`` reads it,
``closure`` asks it about one user, ``sql`` about a table, ``explain`` says why. The
three answers are equal, nulls included.
"""
