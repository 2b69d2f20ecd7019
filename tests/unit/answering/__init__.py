"""Tests of the drafters and of what they are made of."""
