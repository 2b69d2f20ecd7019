"""What happens to documents after they were ingested: holds and erasure."""
