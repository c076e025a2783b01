"""How does the day go? The use cases, which call the rooms in order."""
