"""Tests of what is kept from whom."""
