"""Reads datasets in the formats of the field."""
