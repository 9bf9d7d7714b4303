"""Messages as phones and inboxes show them, as data for the pages."""
