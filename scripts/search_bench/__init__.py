"""The parts of `bench_search.py`."""
