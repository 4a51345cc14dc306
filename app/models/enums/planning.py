"""Lists of catalogue and planning."""

from app.models.enums.choice import Choice


class StageOutcome(Choice):
    """What a stage means for the deal."""

    OPEN = "OPEN", "Undecided."
    WON = "WON", "Decided for us."
    LOST = "LOST", "Decided against us."


class ForecastCategory(Choice):
    """How an opportunity counts in the forecast."""

    PIPELINE = "PIPELINE", "In play, not yet counted."
    BEST_CASE = "BEST_CASE", "Counted if all goes well."
    MOST_LIKELY = "MOST_LIKELY", "Counted as likely."
    FORECAST = "FORECAST", "Counted as committed."
    CLOSED = "CLOSED", "Won; counted in full."
    OMITTED = "OMITTED", "Left out."


class TargetMetric(Choice):
    """What a sales target measures."""

    REVENUE = "REVENUE", "Value of orders."
    ORDER_COUNT = "ORDER_COUNT", "Number of orders."
    NEW_CUSTOMERS = "NEW_CUSTOMERS", "Number of first-time customers."
