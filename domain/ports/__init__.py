"""The ports: one Protocol per file. Adapters and fakes carry the same file name."""
