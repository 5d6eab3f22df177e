"""Values that PostgreSQL casts: replay and rows have the same ones at any later time, or none."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.evolution.project import Project, Server, StepFailed

HEAD = """
from django.contrib.postgres.fields import ArrayField
from django.db import models
from versioning import HistoricalRecords, VersionControlManager, VersionedModel
from versioning.fields import PartialDateField, QuantityField


class Odd(VersionedModel):
    x = {field}
    history = HistoricalRecords()
    version_control = VersionControlManager()
"""

CHAR = "models.CharField(max_length=40)"
FLOAT = "models.FloatField()"
TEXT = "models.TextField()"
INTEGERS = "ArrayField(models.IntegerField())"
WORDS = "ArrayField(models.CharField(max_length=40))"
PRICE = "models.DecimalField(max_digits=8, decimal_places=2)"
PRICES = f"ArrayField({PRICE})"


def save(*values: Any) -> None:
    """One entity that had these values, one after the other."""
    from shop.models import Odd

    odd = Odd.objects.create(x=values[0])
    for value in values[1:]:
        odd.x = value
        odd.save()


def documents() -> list[Any]:
    """The values that the versions have, oldest first; rows, replays and audit say the same."""
    import json

    from shop.models import Odd

    from projections.audit.auditing import audit
    from projections.rebuild import rebuild
    from versioning.entities.kinds import kind_of
    from versioning.viewpoints.versions import to_version

    (odd,) = Odd.objects.all()
    rows = list(odd.history.all())[::-1]
    replayed = [odd.history.replayed(row.version)["x"] for row in rows]
    held = [to_version(kind_of(Odd), row).document["x"] for row in rows]
    assert repr(replayed) == repr(held)
    assert json.loads(json.dumps(replayed)) == replayed
    report, rebuilt = audit(), rebuild()
    assert report.findings == ()
    assert rebuilt.mended == 0
    return replayed


def begun(project: Project, field: str, *values: Any) -> Project:
    project.models(HEAD.format(field=field))
    project.migrate()
    project.run(save, *values)
    return project


@pytest.mark.parametrize(
    ("before", "values", "after", "sentence"),
    [
        pytest.param(TEXT, ["null", "1"], "models.JSONField()", "x, would become nothing",
                     id="JSON's null"),
        pytest.param(TEXT, ["null", "1"], "models.JSONField(null=True)",
                     "x, would become nothing", id="JSON's null, where nothing may stand"),
        pytest.param(CHAR, ["NaN", "1"], PRICE, "'NaN'", id="no number as a decimal"),
        pytest.param(CHAR, ["NaN", "1"], FLOAT, "'NaN'", id="no number"),
        pytest.param(CHAR, ["-Infinity", "1"], FLOAT, "'-Infinity'", id="an endless number"),
        pytest.param(WORDS, [["1", "nan"]], "ArrayField(models.FloatField())", "'nan'",
                     id="no number in a list"),
        pytest.param(CHAR, ["infinity", "2024-01-01"], "models.DateField()", "'infinity'",
                     id="the end of time"),
        pytest.param(CHAR, ["infinity", "2024-01-01"], "models.DateTimeField()", "'infinity'",
                     id="the end of time, by the clock"),
        pytest.param(CHAR, ["0044-03-15 BC"], "models.DateField()", "'0044-03-15 BC'",
                     id="a day before all years"),
        pytest.param(CHAR, ["now"], "models.DateTimeField()", "'now'", id="now"),
        pytest.param(CHAR, ["Now"], "models.TimeField()", "'Now'", id="the time of now"),
        pytest.param(CHAR, ["today"], "models.DateField()", "'today'", id="today"),
        pytest.param(TEXT, ["tomorrow"], "models.DateField()", "'tomorrow'", id="tomorrow"),
        pytest.param(CHAR, ["yesterday 10:00"], "models.DateTimeField()", "'yesterday 10:00'",
                     id="yesterday"),
        pytest.param(WORDS, [["today"]], "ArrayField(models.DateField())", "'today'",
                     id="today in a list"),
        pytest.param(CHAR, ["01/02/2024"], "models.DateField()", "01/02/2024",
                     id="a date that some read otherwise"),
        pytest.param("models.UUIDField()", ["a9a5f0e5-0b3c-4a0e-8f1c-2b8f2d3f9a01"],
                     "ArrayField(models.UUIDField())", "cannot cast type uuid to uuid[]",
                     id="one and a list of one"),
        pytest.param(CHAR, ["about ten"], "PartialDateField()", "'about ten'",
                     id="no date, in a column of the same type"),
        pytest.param("models.JSONField()", [{"a": 1}], "QuantityField(unit='cm')", "{'a': 1}",
                     id="no quantity, in a column of the same type"),
        pytest.param(CHAR, ['"5 cm"'], "QuantityField(unit='cm')", "5 cm",
                     id="a quantity that is written otherwise"),
        pytest.param("QuantityField(unit='cm', sort_column=False)", ["5 cm"],
                     "QuantityField(unit='kg', sort_column=False)", "'unit': 'cm'",
                     id="a quantity of something else"),
    ],
)  # fmt: skip
def test_a_value_that_no_save_could_write_is_refused(
    empty: Project, before: str, values: list[Any], after: str, sentence: str
) -> None:
    begun(empty, before, *values)
    documents_before = empty.run(documents)
    empty.models(HEAD.format(field=after))
    with pytest.raises(StepFailed) as refused:
        empty.migrate(noinput=True)
    told = str(refused.value).replace("\\", "")
    assert "was refused, and nothing was kept" in told
    assert sentence in told
    assert "upcaster" in told
    empty.models(HEAD.format(field=before))
    assert empty.run(documents) == documents_before


@pytest.mark.parametrize(
    ("before", "values", "after", "expected"),
    [
        pytest.param(FLOAT, [-0.0, 1.5, 1e22, 1e-7], TEXT, ["0", "1.5", "1e+22", "1e-07"],
                     id="float to text"),
        pytest.param(PRICE, ["-0", "1.5"], TEXT, ["0.00", "1.50"], id="decimal to text"),
        pytest.param("models.DecimalField(max_digits=12, decimal_places=10)", ["0", "1"], TEXT,
                     ["0.0000000000", "1.0000000000"], id="decimal of many places to text"),
        pytest.param(TEXT, [" 7 ", "-0"], "models.IntegerField()", [7, 0], id="text to int"),
        pytest.param(TEXT, ["-0", "1e2"], PRICE, ["0.00", "100.00"], id="text to decimal"),
        pytest.param(TEXT, ["-0", "1e2"], FLOAT, [0.0, 100.0], id="text to float"),
        pytest.param(FLOAT, [2.5, 3.5], "models.IntegerField()", [2, 4], id="float to int"),
        pytest.param("models.BooleanField()", [True, False], TEXT, ["true", "false"],
                     id="truth to text"),
        pytest.param(INTEGERS, [[1, 2], [], [3]], PRICES, [["1.00", "2.00"], [], ["3.00"]],
                     id="ints to decimals"),
        pytest.param(WORDS, [["2024-01-01"]], "ArrayField(models.DateField())", [["2024-01-01"]],
                     id="words to dates"),
        pytest.param(WORDS, [["a9a5f0e5-0b3c-4a0e-8f1c-2b8f2d3f9a01"]],
                     "ArrayField(models.UUIDField())", [["a9a5f0e5-0b3c-4a0e-8f1c-2b8f2d3f9a01"]],
                     id="words to ids"),
        pytest.param("ArrayField(models.FloatField())", [[1, 2.5, -0.0]], WORDS,
                     [["1", "2.5", "0"]], id="floats to words"),
        pytest.param(WORDS, [["a", "b"]], TEXT, ["{a,b}"], id="words to text"),
        pytest.param(TEXT, ["{a,b}", "{}"], WORDS, [["a", "b"], []], id="text to words"),
        pytest.param(TEXT, ['{"a": [1.50, "b"]}', '"c"'], "models.JSONField()",
                     [{"a": [1.5, "b"]}, "c"], id="text to JSON"),
        pytest.param("models.JSONField()", [{"a": [1]}, "b"], TEXT, ['{"a": [1]}', '"b"'],
                     id="JSON to text"),
        pytest.param(CHAR, ["1999", "1999-05~"], "PartialDateField()", ["1999", "1999-05~"],
                     id="text to a date as exact as it is known"),
        pytest.param(CHAR, ['{"value": 5, "unit": "cm"}'], "QuantityField(unit='cm')",
                     [{"value": 5, "unit": "cm"}], id="text to a quantity"),
    ],
)  # fmt: skip
def test_a_value_that_is_cast_is_the_same_in_rows_and_in_every_replay(
    empty: Project, before: str, values: list[Any], after: str, expected: list[Any]
) -> None:
    begun(empty, before, *values)
    empty.models(HEAD.format(field=after))
    empty.migrate(noinput=True)
    assert empty.run(documents) == expected


def test_values_are_cast_again_and_again(empty: Project) -> None:
    begun(empty, TEXT, '{"b":1.5}', "12")
    for field, expected in (
        ("models.JSONField()", [{"b": 1.5}, 12]),
        (TEXT, ['{"b": 1.5}', "12"]),
        ("models.JSONField()", [{"b": 1.5}, 12]),
    ):
        empty.models(HEAD.format(field=field))
        empty.migrate()
        assert empty.run(documents) == expected


def save_moment() -> None:
    import datetime

    moment = datetime.datetime(2024, 1, 1, 0, 30)  # noqa: DTZ001  # as USE_TZ = False has it
    save(moment, moment.replace(month=7))


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_a_cast_is_made_in_the_time_zone_that_its_migration_had(empty: Project, zone: str) -> None:
    settings = empty.folder / "settings.py"
    own = settings.read_text().replace("USE_TZ = True", "USE_TZ = False")

    def move_to(other: str) -> None:
        settings.write_text(f"{own}\nTIME_ZONE = {other!r}\n")

    move_to(zone)
    empty.models(HEAD.format(field="models.DateTimeField()"))
    empty.migrate()
    empty.run(save_moment)
    empty.models(HEAD.format(field="models.DateField()"))
    empty.migrate()
    for other in (zone, "UTC", "Asia/Tokyo"):
        move_to(other)
        assert empty.run(documents) == ["2024-01-01", "2024-07-01"]


def test_texts_and_moments_are_cast_there_as_well(empty: Project) -> None:
    settings = empty.folder / "settings.py"
    own = settings.read_text().replace("USE_TZ = True", "USE_TZ = False")
    settings.write_text(f"{own}\nTIME_ZONE = 'Europe/Berlin'\n")
    begun(empty, CHAR, "2024-01-01 00:30", "2024-07-01 00:30 EST")
    empty.models(HEAD.format(field="models.DateTimeField()"))
    empty.migrate()
    moments = ["2023-12-31T23:30:00+00:00", "2024-07-01T05:30:00+00:00"]
    assert empty.run(documents) == moments
    settings.write_text(f"{own}\nTIME_ZONE = 'America/New_York'\n")
    assert empty.run(documents) == moments
    empty.models(HEAD.format(field=TEXT))
    empty.migrate()
    texts = ["2023-12-31 18:30:00-05", "2024-07-01 01:30:00-04"]
    assert empty.run(documents) == texts
    settings.write_text(f"{own}\nTIME_ZONE = 'UTC'\n")
    assert empty.run(documents) == texts


def test_a_cast_does_not_depend_on_how_the_server_writes_values(empty: Project) -> None:
    begun(empty, FLOAT, 0.1 + 0.2)
    settings = empty.folder / "settings.py"
    own = settings.read_text()
    styled = "'OPTIONS': {'options': '-c extra_float_digits=-9 -c datestyle=ISO,DMY'}, 'NAME'"
    settings.write_text(own.replace("'NAME'", styled))
    empty.models(HEAD.format(field=TEXT))
    empty.migrate()
    assert empty.run(documents) == ["0.30000000000000004"]
    settings.write_text(own)
    assert empty.run(documents) == ["0.30000000000000004"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("PartialDateField(db_index=True)", "1999"),
        ("QuantityField(unit='cm', db_index=True)", "5 cm"),
    ],
)
def test_a_text_becomes_what_brings_a_column_along(
    empty: Project, server: Server, worker: str, tmp_path: Path, field: str, value: str
) -> None:
    empty.models(HEAD.format(field="models.CharField(max_length=40, null=True)"))
    empty.migrate()
    empty.models(HEAD.format(field=field))
    empty.migrate(noinput=True)
    empty.run(save, value)
    empty.run(documents)
    empty.models(HEAD.format(field="models.TextField(null=True)"))
    empty.migrate(noinput=True)
    empty.run(documents)
    name = f"{worker}_new"
    server.create(name)
    try:
        new = Project(tmp_path / "new", server, name)
        shutil.copytree(empty.folder / "shop", new.folder / "shop", dirs_exist_ok=True)
        new.migrate()
        new.run(save, "a")
        assert new.run(documents) == ["a"]
    finally:
        server.drop(name)


UPCASTER = """
from versioning.schema.upcasters import upcaster

upcaster("shop.odd", "x", "anew", lambda text: {body})
"""


def test_words_become_quantities_by_an_upcaster(empty: Project) -> None:
    begun(empty, CHAR, "5 cm", "about 2 m")
    empty.models(HEAD.format(field="QuantityField(unit='cm')") + UPCASTER.format(body="text"))
    empty.migration("0002_quantities", QUANTITIES)
    empty.migrate(noinput=True)
    assert empty.run(documents) == [
        {"value": 5, "unit": "cm"},
        {"value": 2, "unit": "m", "text": "about 2 m"},
    ]
    assert "No changes detected" in empty.migrate(noinput=True)


QUANTITIES = """
from django.db import migrations, models
from versioning.fields import QuantityField
from versioning.fields.sorting import InBaseUnit
from versioning.fields.units import DIMENSION_OF
from versioning.operations import Upcast


def in_base_unit():
    return models.GeneratedField(
        expression=InBaseUnit.of("x", DIMENSION_OF["cm"]), db_persist=True, null=True,
        output_field=models.DecimalField(max_digits=20, decimal_places=6),
    )


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [
        Upcast("odd", "x", QuantityField(unit="cm", sort_column=False), upcaster="anew"),
        migrations.AddField("odd", "x_si", in_base_unit()),
        migrations.AddField("oddversion", "x_si", in_base_unit()),
    ]
"""


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("'abc'", "'12', an old value of shop.odd.x, becomes 'abc' by the upcaster 'anew'"),
        ("{'13': 1}[text]", "of shop.odd.x, makes the upcaster 'anew' raise KeyError('12')"),
        ("10 ** 12", "does not take what the upcaster 'anew' of shop.odd.x gives: "),
        ("-1", "does not take what the upcaster 'anew' of shop.odd.x gives: "),
    ],
)  # fmt: skip
def test_an_upcaster_that_errs_is_named_with_what_it_was_given(
    empty: Project, body: str, sentence: str
) -> None:
    begun(empty, CHAR, "12")
    field = "models.PositiveIntegerField(null=True)"
    empty.models(HEAD.format(field=field) + UPCASTER.format(body=body))
    empty.migration("0002_upcast", UPCAST)
    with pytest.raises(StepFailed) as refused:
        empty.migrate(noinput=True)
    told = str(refused.value).replace("\\", "")
    assert "The migration shop.0002_upcast was refused, and nothing was kept" in told
    assert sentence in told
    assert "audit" not in told.split("Traceback")[0]
    empty.models(HEAD.format(field=CHAR))
    assert empty.run(documents) == ["12"]


UPCAST = """
from django.db import migrations, models
from versioning.operations import Upcast


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [
        Upcast("odd", "x", models.PositiveIntegerField(null=True), upcaster="anew"),
    ]
"""
