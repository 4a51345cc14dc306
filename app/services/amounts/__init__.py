"""What quotes and orders add up to, and what that is in the base currency.

rounding    to what a currency can express
lines       Line, and its total
totals      the sums of a quote or an order
refunds     what is paid back where lines come back
rates       the exchange rate of a day
"""

from app.services.amounts.lines import Line, line_total
from app.services.amounts.rates import Rate, rate_on
from app.services.amounts.refunds import refund
from app.services.amounts.rounding import MOST, places, rounded
from app.services.amounts.totals import Tax, Totals, totals

__all__ = ["MOST", "Line", "Rate", "Tax", "Totals", "line_total", "places", "rate_on", "refund", "rounded", "totals"]
