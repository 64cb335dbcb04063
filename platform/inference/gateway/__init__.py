"""The engine around chat models over a network: it stays up when a provider does not, and spends what it may.

Start at `gateway.py`; `answering.py` is the way of one request.
"""
