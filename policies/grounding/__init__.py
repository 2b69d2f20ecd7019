"""Decides whether quotes support a claim."""
