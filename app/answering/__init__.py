"""Drafting answers: the extractive drafter, which needs no model, and the chat drafter, which asks a model server."""
