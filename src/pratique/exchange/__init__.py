"""Who says this, unaltered? Values in canonical form, signed and verified; nothing is sent or received here yet."""
