"""Fields whose value is one thing, though it is made of several: a figure with its unit,
a date that may be partial, a sum of money, a place on the map, a list of items.

Each is one value in documents, forms, diffs and merges, and one line in a model.

    from versioning.fields import ItemsField, PartialDateField, QuantityField
"""

from versioning.fields.columns import CoordinatesField, MoneyField, PartialDateField, QuantityField
from versioning.fields.coordinates import Coordinates
from versioning.fields.dates import PartialDate
from versioning.fields.items import Item, Items, ItemsField, Period, ReferencePart, ReferencesPart
from versioning.fields.money import Money
from versioning.fields.quantities import Quantity
from versioning.fields.units import Dimension

__all__ = [
    "Coordinates",
    "CoordinatesField",
    "Dimension",
    "Item",
    "Items",
    "ItemsField",
    "Money",
    "MoneyField",
    "PartialDate",
    "PartialDateField",
    "Period",
    "Quantity",
    "QuantityField",
    "ReferencePart",
    "ReferencesPart",
]
