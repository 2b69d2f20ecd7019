"""Measures the product on datasets in the formats of the field."""
