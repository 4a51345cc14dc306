"""Who could see what in the past: by the policy, the people and the rows of then.

versions    which version of the policy was in force
tables      tables as they were, put in the place of tables as they are
people      whom one may look as, and what they held
gaps        what is not known, of all that an answer rests on
sight       a row, or a field of it, in the views of then
"""

from app.services.policies.past.people import People, people_at
from app.services.policies.past.sight import PastSight
from app.services.policies.past.versions import version_at

__all__ = ["PastSight", "People", "people_at", "version_at"]
