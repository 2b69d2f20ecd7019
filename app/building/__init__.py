"""The composition root's rooms: each module puts one group of parts together for :mod:`app.bootstrap`."""
