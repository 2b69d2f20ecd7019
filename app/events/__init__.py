"""Tells other systems what happened: signed, by ids only, none lost."""
