"""The parts of bench_answers.py: a model that answers at once, a server that is watched, and who asks."""
