"""The proof sheet: what was proved of a message, for somebody who has to sign it."""
