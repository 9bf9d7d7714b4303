"""The pages: what each shows, as data; nothing here writes HTML."""
