"""What comes of rules that are nobody's law? Games and exercises, each with rule files of its own."""
