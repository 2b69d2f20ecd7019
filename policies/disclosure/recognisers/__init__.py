"""One file per recogniser; the registry lists them."""
