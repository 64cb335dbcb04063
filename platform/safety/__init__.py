"""Safety: planted instructions, personal data, what may be asked and what may be said.

Nothing is imported here, for the log needs one file of it and starts before all else: see `safety.Safety`.
"""
