"""What callers may spend: on one operation, and in a minute.

windows    what was taken in a minute that slides, and when how much more fits
counting   counters in this process
shared     counters of all processes, in Valkey
charging   requests and points, taken and given back
"""

from graphql_schema.budgets.charging import Budgets, CostExceeded, Spent

__all__ = ["Budgets", "CostExceeded", "Spent"]
