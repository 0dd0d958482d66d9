"""Screens of the clinic's administrator."""
