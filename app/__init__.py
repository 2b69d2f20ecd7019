"""The rim: command line, HTTP, settings, storage and the composition root."""
