"""C-CDA: clinical documents in, their narrative and their entries in sentences out."""
