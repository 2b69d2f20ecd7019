"""Durable work: what jobs do, and DBOS, which calls for it."""
