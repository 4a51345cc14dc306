"""Products, rates, targets, and the definitions of custom fields."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

from app.models.enums import TargetMetric
from app.services.demo.founding import Founding
from app.services.demo.money import BASE, RATES, Product, months, rate
from app.services.demo.organisation import Organisation
from app.services.demo.source import TODAY
from app.services.demo.world import read

QUARTERS = tuple(
    (dt.date(TODAY.year, month, 1), dt.date(TODAY.year, month + 2, day))
    for month, day in ((1, 31), (4, 30), (7, 30), (10, 31))
)
NO_LONGER_SOLD = "FAX-CLASSIC"


def stock(founding: Founding) -> tuple[Product, ...]:
    """The products; one is no longer offered."""
    products = []
    for sku, name, category, unit, price in read("catalogue")["products"]:
        key = founding.add(
            "products",
            sku=sku,
            name=name,
            category_path=category,
            unit=unit,
            list_price=Decimal(price),
            currency=BASE,
            tax_rate_pct=Decimal(20),
            available_quantity=None if unit in {"hour", "year"} else Decimal(founding.source.between(0, 900)),
            active=sku != NO_LONGER_SOLD,
        )
        if sku != NO_LONGER_SOLD:
            products.append(Product(key, name, category, int(Decimal(price) * 100)))
    return tuple(products)


def quote_rates(founding: Founding) -> None:
    """A rate for each currency and month."""
    for day in months():
        for currency in RATES:
            price = rate(currency, day.year, day.month)
            founding.add("currency_rates", currency=currency, base_currency=BASE, rate_date=day, rate=price)


def set_targets(founding: Founding, organisation: Organisation) -> None:
    """Revenue for each seller and quarter, orders for each sales department, new customers for each country."""
    areas = organisation.areas.things
    for seller in dict.fromkeys(who for area in areas for who in (area.seller, area.chief)):
        for first, last in QUARTERS:
            _target(founding, TargetMetric.REVENUE, first, last, owner_id=seller, target_amount=Decimal(400_000))
    first, last = dt.date(TODAY.year, 1, 1), dt.date(TODAY.year, 12, 31)
    for desk in dict.fromkeys(area.desk for area in areas):
        _target(founding, TargetMetric.ORDER_COUNT, first, last, department_id=desk, target_quantity=Decimal(900))
        chairs = {"product_category_path": "/furniture/", "target_amount": Decimal(750_000)}
        _target(founding, TargetMetric.REVENUE, first, last, department_id=desk, **chairs)
    for area in areas:
        count = Decimal(founding.source.between(20, 60))
        _target(founding, TargetMetric.NEW_CUSTOMERS, first, last, region_id=area.region, target_quantity=count)


def _target(founding: Founding, metric: TargetMetric, first: dt.date, last: dt.date, **columns: object) -> None:
    holder = {"owner_id": None, "department_id": None, "region_id": None}
    measure = {"target_amount": None, "target_quantity": None, "product_category_path": None}
    currency = BASE if metric is TargetMetric.REVENUE else None
    row = {**holder, **measure, **columns, "currency": currency}
    founding.add("sales_targets", metric=metric, period_start=first, period_end=last, **row)


def define_fields(founding: Founding) -> None:
    """The custom fields of customers."""
    for key, kind, label, data_class in read("catalogue")["fields"]:
        founding.add(
            "field_definitions",
            entity="Customer",
            key=key,
            data_type=kind,
            label=json.dumps(label, ensure_ascii=False),
            options=json.dumps(["de", "en", "fr", "ja", "zh"]) if kind == "CHOICE" else None,
            data_class=data_class,
            filterable=kind != "TEXT",
            is_custom=True,
        )
