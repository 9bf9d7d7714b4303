"""What a person sees: messages drawn in a terminal as a phone or an inbox shows them."""
