"""Templates of reports: one TOML file each, written for people who read and copy them; see docs/reports.md."""
