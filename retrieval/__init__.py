"""Finds evidence: vectors, words, citations, fusion and pipelines."""
