"""Finds and redacts personal data by the purpose of the asker."""
