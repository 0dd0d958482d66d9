"""The master key, kept in a file outside the database, and what is sealed and signed with it."""

from db.keys.file import load_master_key, load_or_create_master_key
from db.keys.master import MasterKey

__all__ = ["MasterKey", "load_master_key", "load_or_create_master_key"]
