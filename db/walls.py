"""What PostgreSQL itself refuses: changes of what is only added to, and other clinics' rows.

SQLite gets the first by its migrations and has no use for the second: one file, one process, and
the stores filter by clinic on every engine. Here it stands behind them as a second wall.
"""

from sqlalchemy import Connection, text

from db.models import METADATA

APPEND_ONLY = (
    "entry", "assessment", "alert_event", "audit_event", "consent", "dose_record", "weekly_report",
    "consent_text",
)  # fmt: skip
# What a transaction says it works for: a clinic's id, or this for all of them.
EVERY_CLINIC = "*"
SETTING = "diary.clinic"

_REFUSE = """
CREATE OR REPLACE FUNCTION diary_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE whose uuid;
BEGIN
    -- Only the erasure of a patient, while it is carried out, takes their rows away.
    IF TG_OP = 'DELETE' AND TG_TABLE_NAME NOT IN ('audit_event', 'consent') THEN
        IF TG_TABLE_NAME = 'alert_event' THEN
            SELECT patient_id INTO whose FROM alert
                WHERE id = CAST(to_jsonb(OLD) ->> 'alert_id' AS uuid);
        ELSE
            whose = CAST(to_jsonb(OLD) ->> 'patient_id' AS uuid);
        END IF;
        IF EXISTS (SELECT 1 FROM data_request WHERE patient_id = whose
                   AND kind = 'erasure' AND state = 'erasing') THEN
            RETURN OLD;
        END IF;
    END IF;
    -- Only while its clinic's words are sealed anew, and nothing but those.
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME IN ('entry', 'alert_event') THEN
        IF to_jsonb(NEW) - 'words' - 'detail' = to_jsonb(OLD) - 'words' - 'detail'
           AND EXISTS (SELECT 1 FROM data_key WHERE clinic_id = OLD.clinic_id AND resealing) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
_OWN = (
    f"current_setting('{SETTING}', true) = '{EVERY_CLINIC}'"
    f" OR {{column}}::text = current_setting('{SETTING}', true)"
)


def raise_walls(connection: Connection) -> None:
    """Put the walls up around every table that lacks them; asks for the tables' owner.

    Args:
        connection: To a PostgreSQL database with all tables, inside a transaction.
    """
    connection.execute(text(_REFUSE))
    guarded = set(connection.scalars(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")))
    for table in APPEND_ONLY:
        if f"{table}_append_only" not in guarded:
            connection.execute(
                text(
                    f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
                    " FOR EACH ROW EXECUTE FUNCTION diary_append_only()"
                )
            )
    walled = set(
        connection.scalars(
            text("SELECT tablename FROM pg_policies WHERE policyname = 'own_clinic'")
        )
    )
    for name in sorted(set(clinic_columns()) - walled):
        own = _OWN.format(column=clinic_columns()[name])
        for wall in (
            f'ALTER TABLE "{name}" ENABLE ROW LEVEL SECURITY',
            f'ALTER TABLE "{name}" FORCE ROW LEVEL SECURITY',  # for the owner too: that is us
            f'CREATE POLICY own_clinic ON "{name}" USING ({own}) WITH CHECK ({own})',
        ):
            connection.execute(text(wall))


def clinic_columns() -> dict[str, str]:
    """Return the column that tells whose rows they are, of every table that has one."""
    found = {
        table.name: "clinic_id" for table in METADATA.tables.values() if "clinic_id" in table.c
    }
    return {**found, "clinic": "id"}


def missing_walls(connection: Connection) -> list[str]:
    """Return what stands open: tables that can be changed or that other clinics could see.

    Args:
        connection: To a database of either engine with all tables.
    """
    if connection.dialect.name == "sqlite":
        there = set(
            connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        )
        wanted = [f"{table}_no_{act}" for table in APPEND_ONLY for act in ("update", "delete")]
        return [name for name in wanted if name not in there]
    there = set(connection.scalars(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")))
    open_tables = [name for name in APPEND_ONLY if f"{name}_append_only" not in there]
    walled = set(
        connection.scalars(
            text(
                "SELECT p.tablename FROM pg_policies p JOIN pg_class c"
                " ON c.oid = format('%I.%I', p.schemaname, p.tablename)::regclass"
                " WHERE p.policyname = 'own_clinic' AND c.relrowsecurity AND c.relforcerowsecurity"
            )
        )
    )
    return [*open_tables, *sorted(set(clinic_columns()) - walled)]


def walls_hold(connection: Connection) -> bool:
    """Return whether this login is bound by the walls: neither superuser nor exempt from them."""
    free = connection.scalar(
        text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
    )
    return not free


def strange_tables(connection: Connection) -> int:
    """Return how many tables of PostgreSQL belong to a login that this one is not."""
    query = (
        "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
        " AND NOT pg_has_role(current_user, tableowner, 'USAGE')"
    )
    return int(connection.scalar(text(query)) or 0)


def may_make_databases(connection: Connection) -> bool:
    """Return whether this login of PostgreSQL may make a scratch database."""
    query = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    return bool(connection.scalar(text(query)))
