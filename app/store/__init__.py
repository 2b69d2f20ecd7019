"""Where things are kept: catalogue, ledger, originals and the audit log."""
