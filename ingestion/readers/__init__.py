"""One reader per file; each implements :class:`domain.ports.reader.Reader` and is listed in ingestion/registry.py."""
