"""Numbers of quotes, contracts, orders and tickets: `Q-2026-48392017`.

series    which tables have numbers, and how one is written
cipher    why a number tells nothing of how many there are
"""

from app.services.numbering.series import SERIES, Series, number

__all__ = ["SERIES", "Series", "number"]
