"""The command line: a door for people and scripts."""
