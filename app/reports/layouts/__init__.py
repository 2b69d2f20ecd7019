"""The looks of reports: Word, Typst and HTML."""
