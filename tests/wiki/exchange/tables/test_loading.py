"""Whatever stands in a cell, the rest of its row and all other rows are read."""

import csv
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from versioning.entities.kinds import kind_of
from versioning.fields.items import ItemsField
from wiki.exchange.coasters.table import read_table
from wiki.exchange.mapped.mapping import NEVER_MAPPED, read_mapping
from wiki.exchange.mapped.reading import read_sheet
from wiki.kinds.registry import KINDS

FIELDS = {
    plural: [
        name
        for name, f in kind_of(label).fields.items()
        if name not in NEVER_MAPPED and not isinstance(f.model_field, ItemsField)
    ]
    for plural, label in KINDS.items()
}

FRAGMENTS = [
    "1999", "2024-1X", "2024-02-3X", "{1969..1965}", "../198X", "y1e9", "Y-17E7", "[..1672]", "~",
    "?", "%", "%s", "1e999999999", "-1e-999999999", "NaN", "Infinity", "-0", "9" * 400, "1,234.5",
    "1.234,5", "62 m", "203 ft", "km/h", "$", "€", "million", "N", "S", "°", "'", '"', "0x1F",
    "1/2", "½", "٣", "²", "true", "null", "{}", "[", "]", "(", ")", "/", "..", "--", ":", "24:60",
    "T", "Z", "+99:99", "\u2028", "\u202e", "\x1b", "\ufeff", "e\u0301", "🎢", "http://[",
    "https://a.example/", "//", "DE", "Germany", " ", "\t", "\n", "\r",
]  # fmt: skip

cells = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=5), max_size=5).map(
    lambda parts: "".join(parts).replace("\0", "")[:9_000].encode("utf-8", "ignore").decode()
)


def _table(folder: str, heading: list[str], row: list[str]) -> Path:
    path = Path(folder, "table.csv")
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([heading, row, ["Another", *[""] * (len(heading) - 1)]])
    return path


@pytest.mark.parametrize("plural", FIELDS)
@settings(max_examples=60)
@given(data=st.data())
def test_a_cell_of_a_mapped_table_stops_nothing(plural: str, data: st.DataObject) -> None:
    fields = FIELDS[plural]
    row = data.draw(st.lists(cells, min_size=len(fields), max_size=len(fields)))
    with tempfile.TemporaryDirectory() as folder:
        mapped = "".join(f'{name} = "{name}"\n' for name in fields)
        mapping = Path(folder, "mapping.toml")
        mapping.write_text(f'kind = "{plural}"\nname = "Name"\n[fields]\n{mapped}')
        sheet = read_sheet(_table(folder, ["Name", *fields], ["One", *row]), read_mapping(mapping))
    assert [facts.name for facts in sheet.facts] == ["One", "Another"]
    for column, filled in sheet.filled.items():
        bad = sum(remark.column == column for remark in sheet.bad_cells)
        assert sheet.read[column] + bad == filled


HEADING = [
    "coaster_name", "Length", "speed1", "speed1_value", "speed1_unit", "height_value", "Location",
    "height_unit", "Status", "Opening date", "Closing date", "Soft opening date", "Type_Main",
    "Manufacturer", "Designer", "Model", "Drop", "Inversions_clean", "Max vertical angle",
    "Gforce_clean", "Duration", "Capacity", "Height restriction", "Track layout",
    "Lift/launch system", "Acceleration", "Restraints", "Cost", "Theme", "Replaced", "Name",
    "Trains", "Park section", "year_introduced", "latitude", "longitude",
]  # fmt: skip


@settings(max_examples=200)
@given(row=st.lists(cells, min_size=len(HEADING) - 1, max_size=len(HEADING) - 1))
def test_a_cell_of_a_table_of_coasters_stops_nothing(row: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        table = read_table(_table(folder, HEADING, ["One", *row]))
    assert [ride.name for ride in table.rides] == ["One", "Another"]
