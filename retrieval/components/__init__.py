"""The steps of a search, one Haystack component a file."""
