"""Catalogue, pipeline, rates and targets."""

from app import models
from graphql_schema.analyses.attainment import ATTAINMENT
from graphql_schema.declaring import declare

declare(
    models.Product,
    tag=8,
    values="""
    sku name categoryPath unit listPrice currency taxRatePct availableQuantity active version createdAt updatedAt
    """,
    many="opportunities orderLines quoteLines",
)

declare(
    models.PipelineStage,
    tag=9,
    values="""
    pipelineCode position code name probabilityPct outcome forecastCategory entryRules version createdAt updatedAt
    """,
    many="opportunities",
)

declare(
    models.CurrencyRate,
    tag=10,
    values="""
    baseCurrency currency rateDate rate version createdAt updatedAt
    """,
)

declare(
    models.SalesTarget,
    tag=11,
    values="""
    metric periodStart periodEnd productCategoryPath targetAmount targetQuantity currency version createdAt
    updatedAt
    """,
    one="owner department region",
    computed=(ATTAINMENT,),
)
