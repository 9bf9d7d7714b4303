"""What the pages of experiments show, as data."""
