"""The parts of the benchmark, of which ``scripts/benchmark.py`` makes one table."""
