"""What does this EDIFACT interchange say, and is it one? Syntax (ISO 9735), directory (UN/EDIFACT D.24A), messages.

``syntax`` cuts bytes into segments, within bounds; ``directory`` holds a message to its structure, elements and codes.
The forms built on them are ``messages.cuscar`` (declarations) and ``cusres`` here (answers).
"""
