"""A PostgreSQL database that a test has used is emptied for the next one: a fresh copy costs many times as much.

Afterwards its tables have no page and its sequences have counted nothing, as in a copy.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

USES = 50  # then a fresh copy after all: indexes keep their pages
SWEEP = """
CREATE FUNCTION pg_temp.sweep() RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
  one text;
  swept text[] := '{}';
BEGIN
  SET LOCAL session_replication_role = replica;
  SET LOCAL lock_timeout = '2s';
  FOR one IN
    SELECT format('%I', relname) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
      AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0
  LOOP
    EXECUTE 'DELETE FROM ' || one;
    swept := swept || one;
  END LOOP;
  PERFORM setval(format('%I', sequencename)::regclass, 1, false)
    FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
  RETURN swept;
END $$"""
ALONE = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""
SHAPE = """
SELECT count(*) FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE relnamespace = 'public'::regnamespace"""
LEFT = """
SELECT coalesce(sum(pg_relation_size(oid)), 0) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'"""


@dataclass
class Used:
    """One database, with a connection of its own that stays."""

    name: str
    connection: psycopg.Connection
    shape: object
    uses: int = 0

    @classmethod
    def fresh(cls, name: str, connection: psycopg.Connection) -> Used:
        connection.execute(SWEEP)
        return cls(name, connection, connection.execute(SHAPE).fetchone())

    def empty(self) -> bool:
        """Whether it is as good as a fresh copy now."""
        self.uses += 1
        if self.uses >= USES:
            return False
        try:
            self.connection.execute(ALONE)
            found = self.connection.execute("SELECT pg_temp.sweep()").fetchone()
            if found and found[0]:
                self.connection.execute(("VACUUM " + ", ".join(found[0])).encode())
            shape = self.connection.execute(SHAPE).fetchone()
            left = self.connection.execute(LEFT).fetchone()
        except psycopg.Error:
            return False
        return shape == self.shape and left == (0,)
