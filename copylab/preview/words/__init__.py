"""What the pages say, in English and in Chinese; one file a page."""
