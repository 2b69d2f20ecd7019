"""What may be said: grounding, disclosure, access and packs."""
