"""How any feature is spoken to; knows no feature."""
