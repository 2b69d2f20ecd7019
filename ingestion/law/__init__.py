"""How the vocabularies of legislation become text and sections."""
