"""Business calendars: when a region is open, and how long something takes while it is.

clocks      a wall clock's time as a moment, over changes of the clock
calendar    BusinessCalendar, and the shifts of a day
reading     the JSON document of a region
reckoning   when so much open time will have passed, and how much has
"""

from app.services.calendars.calendar import AROUND_THE_CLOCK, BusinessCalendar
from app.services.calendars.clocks import moment
from app.services.calendars.reading import read_calendar
from app.services.calendars.reckoning import after, business_seconds_between, due, open_between

__all__ = [
    "AROUND_THE_CLOCK",
    "BusinessCalendar",
    "after",
    "business_seconds_between",
    "due",
    "moment",
    "open_between",
    "read_calendar",
]
