"""More models without more training: the same bytes, registered under another name."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from end_to_end.world import Draft, World
from turnpike.registry.mlflow_sqlite import DATABASE

_TABLES = ("registered_models", "model_versions", "model_version_tags")


def twin_of(world: World, draft: Draft, name: str) -> Draft:
    """Register a model's bytes as another model of its team; return that one's draft."""
    team, _, model = draft.key.partition("/")
    old, new, key = f"{team}.{model}", f"{team}.{name}", f"{team}/{name}"
    with closing(sqlite3.connect(world.house.instance.registry / DATABASE)) as database:
        for table in _TABLES:
            _copy(database, table, old, new)
        database.commit()
    files = {path.replace(draft.key, key): content for path, content in draft.files.items()}
    renamed = ((f"name: {model}", f"name: {name}"), (old, new))
    return Draft(key, files, draft.testimony).edited(*renamed)


def _copy(database: sqlite3.Connection, table: str, old: str, new: str) -> None:
    """Copy all rows of one registered model to another name."""
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    values = ", ".join("?" if column == "name" else column for column in columns)
    rows = f"SELECT {values} FROM {table} WHERE name = ?"  # noqa: S608 - names of this file
    into = f"INSERT INTO {table} ({', '.join(columns)}) {rows}"
    database.execute(into, (new, old))
