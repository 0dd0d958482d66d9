"""Screens of nurses and clinicians."""
