"""Rides that are no coasters are drawn by their kind and their figures, and stay on their plate."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from versioning.fields.quantities import Quantity
from wiki.drawings.flat import BOB
from wiki.drawings.plate import SKETCHES
from wiki.drawings.sketch import GROUND, HEIGHT, TOP, WIDTH, Sketch
from wiki.kinds.rides.choices import Category, Motion
from wiki.models import Company, Ride, RideModel

FIGURE = st.none() | st.builds(
    Quantity, st.decimals("0", "9999", places=1), st.sampled_from(["m", "ft"])
)
NUMBER = st.none() | st.integers(0, 30_000)
RIDES = st.builds(
    Ride,
    category=st.sampled_from(sorted(SKETCHES)),
    motion=st.sampled_from(["", *Motion.values]),
    height=FIGURE,
    drop=FIGURE,
    length=FIGURE,
    swing_angle=st.none() | st.builds(Quantity, st.integers(0, 400).map(Decimal), st.just("°")),
    gondolas=NUMBER,
    scenes=NUMBER,
    vehicles=NUMBER,
    stations=NUMBER,
    trackless=st.none() | st.booleans(),
)


@given(RIDES)
def test_any_ride_is_drawn_on_its_plate_and_says_what_by(ride: Ride) -> None:
    sketch = sketch_of(ride)
    for x, y in places(sketch):
        assert 0 <= x <= WIDTH
        assert 0 <= y <= HEIGHT
    assert sketch.said
    assert all(hasattr(ride, name) for name in sketch.by)
    assert sketch_of(ride) == sketch


def sketch_of(ride: Ride) -> Sketch:
    return SKETCHES[ride.category](ride)


def places(sketch: Sketch) -> list[tuple[float, float]]:
    """Where lines begin and are led to, by the commands that name places; and the words."""
    found = [(word.x, word.y) for word in sketch.words]
    for line in sketch.lines:
        for pair in re.findall(r"[MLCA]([-0-9. ]+)", line.path):
            numbers = [float(each) for each in pair.split()]
            found.append((numbers[-2], numbers[-1]))
    return found


def paths(sketch: Sketch, look: str) -> str:
    return "".join(line.path for line in sketch.lines if line.look == look)


def test_a_wheel_has_its_gondolas_up_to_what_can_be_told_apart() -> None:
    drawn = [
        paths(sketch_of(Ride(category="flat", motion="observation", gondolas=n)), "vehicle").count(
            "M"
        )
        for n in (12, 24, 42)
    ]
    assert drawn == [12, 24, 24]


def test_a_pendulum_hangs_as_far_out_as_it_swings() -> None:
    ends = []
    for degrees in (30, 90, 120):
        ride = Ride(category="flat", motion="pendulum")
        ride.swing_angle = Quantity(Decimal(degrees), "°")
        ends.append(float(paths(sketch_of(ride), "track").split()[-1]))
    assert ends == sorted(ends, reverse=True)


@pytest.mark.parametrize("degrees", [None, 30, 90, 120, 180])
def test_what_swings_reaches_the_top_and_not_the_ground(degrees: int | None) -> None:
    ride = Ride(category="flat", motion="pendulum")
    ride.swing_angle = degrees and Quantity(Decimal(degrees), "°")
    pivot, end = re.findall(r"[ML][0-9.]+ ([0-9.]+)", paths(sketch_of(ride), "track"))
    assert min(float(pivot), float(end)) == pytest.approx(TOP, abs=0.1)
    assert float(end) + BOB < GROUND


def test_what_turns_high_up_is_no_carousel() -> None:
    low, high = (
        sketch_of(Ride(category="flat", motion="rotating", height=Quantity(Decimal(n), "m"))).said
        for n in (8, 19)
    )
    assert (low, high) == ("A carousel", "Gondolas on cables around a mast")


def test_a_deeper_drop_ends_lower() -> None:
    feet = []
    for drop in (10, 20, 30):
        ride = Ride(category="water", height=Quantity(Decimal(30), "m"))
        ride.drop = Quantity(Decimal(drop), "m")
        feet.append(float(paths(sketch_of(ride), "track").split("H")[-2].split()[-1]))
    assert feet == sorted(set(feet))


def test_a_dark_ride_has_a_room_for_each_scene() -> None:
    walls = [
        paths(sketch_of(Ride(category="dark", scenes=n)), "frame").count("M") for n in (None, 1, 5)
    ]
    assert walls == [0, 0, 4]


def test_water_that_nothing_falls_into_is_calm() -> None:
    assert sketch_of(Ride(category="water")).said == "A boat on a channel"


@pytest.mark.django_db
@pytest.mark.parametrize("category", [*SKETCHES, Category.ROLLER_COASTER])
def test_each_page_has_the_drawing_of_its_category(client: Client, category: str) -> None:
    Ride.objects.create(slug="a", name="A", category=category)
    page = client.get("/rides/a/").text
    (label,) = re.findall(r'<svg viewBox="0 0 1200 420" role="img" aria-label="([^"]+)"', page)
    assert "A" in label
    assert "Drawn by what kind of ride it is" in page


@pytest.mark.django_db
def test_a_drawing_says_what_it_was_drawn_by(client: Client) -> None:
    ride = Ride.objects.create(
        slug="w", name="Wheel", category="flat", motion="observation", gondolas=36,
        height=Quantity(Decimal(60), "m"),
    )  # fmt: skip
    page = client.get("/rides/w/").text
    assert 'aria-label="A wheel with gondolas, 60 m, 36 gondolas: a drawing of Wheel"' in page
    assert "Drawn by a rule from the figures on this page, not from a plan." in page
    ride.gondolas = None
    ride.save()
    assert "1 of those that it draws by is not known" in client.get("/rides/w/").text


@pytest.mark.django_db
def test_a_model_is_drawn_too_and_other_categories_are_not(client: Client, acme: Company) -> None:
    told: dict[str, Any] = {"manufacturer": acme, "height": Quantity(Decimal(40), "m")}
    RideModel.objects.create(slug="m", name="M", category="roller-coaster", **told)
    RideModel.objects.create(slug="n", name="N", **told)
    Ride.objects.create(slug="o", name="O", category="other")
    assert "Elevation of M: 40 m high" in client.get("/models/m/").text
    assert '<figure class="plate">' not in client.get("/models/n/").text
    assert '<figure class="plate">' not in client.get("/rides/o/").text
