"""The tables whose change waits for writes are those that the triggers watch."""

from __future__ import annotations

from app.services.ordering import RIGHTS_REST_ON
from migrations.baseline import triggers


def test_every_table_that_rights_rest_on_is_watched() -> None:
    assert set(triggers.TABLES) == RIGHTS_REST_ON
