"""The rule language of law files: text to typed expressions, and their two evaluators."""
