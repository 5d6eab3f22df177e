"""Differences of figures, names that people type, and the drawing of a branch."""

from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError

from versioning.entities.kinds import kind_of
from wiki.branches.graph import Step, lying, standing
from wiki.branches.naming import Naming, read_naming
from wiki.models import Ride
from wiki.pages.values import difference_of


def feet(figure: float, unit: str = "ft", **more: str) -> dict[str, object]:
    return {"value": figure, "unit": unit, **more}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (feet(456), feet(458), "+2 ft"),
        (feet(456), feet(455.5), "−0.5 ft"),
        (feet(100), feet(30.48, "m"), "the same, in m"),
        (feet(420), feet(128.3, "m"), "+0.28 m"),
        (feet(456), feet(458, text="roughly 458 ft"), ""),
        (feet(456), feet(456), ""),
        (None, feet(456), ""),
    ],
)
def test_the_difference_of_two_heights(before: object, after: object, said: str) -> None:
    assert difference_of(kind_of(Ride).fields["height"], before, after) == said


def test_a_count_differs_by_a_number_and_a_word_by_none() -> None:
    fields = kind_of(Ride).fields
    assert difference_of(fields["inversions"], 3, 5) == "+2"
    assert difference_of(fields["theme"], "Birds", "Fish") == ""


@pytest.mark.parametrize(
    ("typed", "naming"),
    [
        ("spring-refresh", Naming("spring-refresh", "")),
        ("My Alton Towers tidy-up", Naming("my-alton-towers-tidy-up", "My Alton Towers tidy-up")),
        (
            "Été à l’Europa-Park (2026)",
            Naming("ete-a-leuropa-park-2026", "Été à l’Europa-Park (2026)"),
        ),
        ("2026 plans", Naming("branch-2026-plans", "2026 plans")),
        ("HEAD", Naming("head", "HEAD")),
    ],
)
def test_a_name_follows_from_what_people_type(typed: str, naming: Naming) -> None:
    assert read_naming(typed) == naming


@pytest.mark.parametrize(
    "typed", ["été", "2026-03-01", "a'b", "--help", "a; b", "a  b", "富士 急", "сад spring", "a\nb"]
)
def test_what_could_mean_something_else_is_no_name(typed: str) -> None:
    with pytest.raises(ValidationError):
        read_naming(typed)


@pytest.mark.parametrize("count", [0, 1, 8])
def test_a_drawing_stays_on_its_plate_and_in_order(count: int) -> None:
    lanes = ["branch", "meets", "main"]
    steps = [Step("main", "left here"), *(Step(lanes[n % 3], "w" * 99) for n in range(count))]  # type: ignore[arg-type]
    steps.append(Step("would", "would be here"))
    for drawing, axis in ((lying(steps, ("main", "x" * 60), is_merged=False), 0),
                          (standing(steps, ("main", "x" * 60), is_merged=False), 1)):  # fmt: skip
        assert all(0 < x < drawing.width and 0 < y < drawing.height for _, (x, y) in drawing.dots)
        assert all(a[axis] < b[axis] for (_, a), (_, b) in pairwise(drawing.dots))
        for words in drawing.words:
            assert words.at[0] + len(words.text) * 8 < drawing.width + 120
