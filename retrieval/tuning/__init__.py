"""Fits models to a collection with pairs made from the collection itself; no question or judgement is ever read."""
