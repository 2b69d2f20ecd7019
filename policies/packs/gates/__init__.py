"""Gates that come with Consilium, one TOML file for each use; evaluation/gates.py says what a gate is."""
