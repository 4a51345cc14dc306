"""The fields of Query that tell of the policy, and of what comes of it."""

from graphql_schema.entities import Told
from graphql_schema.policies.comparing import ROOTS as COMPARING
from graphql_schema.policies.effective import EFFECTIVELY
from graphql_schema.policies.explaining import EXPLAIN
from graphql_schema.policies.impact import WEIGHING
from graphql_schema.policies.past import PAST
from graphql_schema.policies.seeing import SEEING
from graphql_schema.policies.shadow import SHADOWED
from graphql_schema.policies.simulating import SIMULATE
from graphql_schema.policies.terms import TERMS
from graphql_schema.policies.version import VERSION

ROOTS: tuple[Told, ...] = (
    VERSION,
    TERMS,
    *COMPARING,
    EXPLAIN,
    EFFECTIVELY,
    SIMULATE,
    SEEING,
    PAST,
    WEIGHING,
    SHADOWED,
)
