"""How statements are asked for rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import Connection, RowMapping

Row: TypeAlias = RowMapping


def one(connection: Connection, statement: sa.Select[Any]) -> Row | None:
    return connection.execute(statement).mappings().first()


def every(connection: Connection, statement: sa.Select[Any]) -> Sequence[Row]:
    return connection.execute(statement).mappings().all()


def add(connection: Connection, table: sa.Table, **values: Any) -> None:
    connection.execute(table.insert().values(**values))
