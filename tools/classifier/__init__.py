"""How the knowledge of the classification room is gathered, trained and measured."""
