"""Tests of charts and matters."""
