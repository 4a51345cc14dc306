"""The catalogue of all tables, as the policy and the graph see them."""

from app.models.base import Base
from policies.catalogue import read_catalogue

CATALOGUE = read_catalogue(Base.metadata)
