"""The nouns every room shares: declarations, money, law, outcomes."""
