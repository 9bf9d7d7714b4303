"""The page: a workspace to look at, served as it changes or written as files."""
