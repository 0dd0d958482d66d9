"""What the diary's login may do in PostgreSQL, and which server it is."""

from sqlalchemy import text

from db.engine import Database

_STRANGE = """
SELECT count(*) FROM pg_tables
WHERE schemaname = current_schema() AND NOT pg_has_role(current_user, tableowner, 'USAGE')
"""
_MAY_MAKE = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"


def strange_tables(database: Database) -> int:
    """Return how many tables belong to a login that this one is not."""
    with database.engine.connect() as connection:
        return int(connection.scalar(text(_STRANGE)) or 0)


def may_make_databases(database: Database) -> bool:
    """Return whether the login may make the scratch database that a backup is brought back into."""
    with database.engine.connect() as connection:
        return bool(connection.scalar(text(_MAY_MAKE)))


def server_version(database: Database) -> int:
    """Return the server's major version, such as 15."""
    with database.engine.connect() as connection:
        return int(str(connection.scalar(text("SHOW server_version_num")))) // 10_000
