"""From what a caller sends to what a column stores, or a mistake: the first layer of validation.

texts, numbers, times, documents   one function for each kind of value
reach, places, industries          the forms that texts are written in: addresses, countries, time zones …
limits                             what a column's type and CHECK allow
forms                              which column asks for which form
storing                            from a column's declaration to its function

Every function is total: any value is either stored or refused with a mistake. What is stored is a fixed point.
"""

from app.services.values.hints import NONE_KNOWN, Hints
from app.services.values.reach import contact_point, looks_masked
from app.services.values.storing import required, stored

__all__ = ["NONE_KNOWN", "Hints", "contact_point", "looks_masked", "required", "stored"]
