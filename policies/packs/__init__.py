"""Packs that come with Consilium, one TOML file each; policies/pack.py says what a pack holds."""
