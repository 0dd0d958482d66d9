"""Synthetic patients for trying the diary: the published courses and a dozen quieter ones."""
