"""Who may see and do what, for which purpose, in which state, under which agreement? Values and data files only."""
