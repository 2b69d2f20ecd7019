"""Journeys in a real browser, on the built client and a real server."""
