"""Who says this, unaltered, and who may read which part? Values in canonical form, signed, encrypted and disclosed element by element."""
