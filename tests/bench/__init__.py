"""Measurements that docs/benchmarks.md reports; each is run by hand: ``python -m tests.bench.NAME``."""
