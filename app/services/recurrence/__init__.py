"""How a task repeats: recurrence rules of RFC 5545, by the day.

rule       Rule, what a text of one says
reading    the text (`FREQ=MONTHLY;BYDAY=-1FR`)
days       the days that a rule names, period by period
following  when a task is due next, in a user's time zone
"""

from app.services.recurrence.following import next_after
from app.services.recurrence.reading import read_rule
from app.services.recurrence.rule import Frequency, Nth, Rule

__all__ = ["Frequency", "Nth", "Rule", "next_after", "read_rule"]
