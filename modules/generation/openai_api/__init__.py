"""What clients of OpenAI's chat completions expect, so that any of them works against Footnote.

Source: the OpenAI API reference, "Chat Completions" and "Models", as the `openai` library of 2026 reads them.
"""
