"""Readers of exchanged diaries: each gives the visit bundle that an export was made from."""
