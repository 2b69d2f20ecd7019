"""The index adapters: Qdrant Edge, Qdrant server and the in-memory reference."""
