"""What `scripts/measure_safety.py` measures with."""
