"""What did we know, and when? An append-only journal on SQLite or PostgreSQL."""
