"""Named analyses: figures that a company is run by, each with its formula, over the caller's views.

joined      the rows of a view, with the related rows that figures ask of them
figures     what is counted, summed and divided
dimensions  what rows are grouped by
period      from which day to which, in which time zone
source      which rows of a view count
asked       sources, period, filter and figures → rows
grouped     rows of one or more sources → groups with figures, in one subquery
groups      groups as JSON
analysis    an analysis as a field of Query: its arguments, types, and what of it an access shows

Everything starts from the caller's views, so hidden rows and withheld values take no part in any figure.
"""

from graphql_schema.analyses.channel_performance import CHANNEL_PERFORMANCE
from graphql_schema.analyses.customer_activity import CUSTOMER_ACTIVITY
from graphql_schema.analyses.metric_trend import METRIC_TREND
from graphql_schema.analyses.pipeline_funnel import PIPELINE_FUNNEL
from graphql_schema.analyses.sales_forecast import SALES_FORECAST
from graphql_schema.analyses.sales_performance import SALES_PERFORMANCE
from graphql_schema.analyses.service_quality import SERVICE_QUALITY
from graphql_schema.entities import Computed

_GROUPED = (SALES_FORECAST, SALES_PERFORMANCE, SERVICE_QUALITY, CHANNEL_PERFORMANCE)

ROOTS: tuple[Computed, ...] = (*(each.computed for each in _GROUPED), CUSTOMER_ACTIVITY, METRIC_TREND, PIPELINE_FUNNEL)
"""Fields of Query."""
