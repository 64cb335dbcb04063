"""Footnote for assistants that speak the Model Context Protocol: search, ask and read.

Imported only when the command runs: the protocol's package takes a while to load.
"""
