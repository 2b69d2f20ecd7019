"""Who calls: tokens of an issuer, keys of systems, the owner of the machine."""
