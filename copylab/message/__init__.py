"""Message files: what a message is and its words."""
