"""Clusters: nothing is lost or told twice, and every mark can be hit."""

from itertools import combinations
from math import dist
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.wiki.maps.strategies import places, windows
from wiki.geography.projection import project
from wiki.maps.clusters import SPACING, clusters
from wiki.maps.places import Place
from wiki.maps.window import DEEPEST, WORLD, Window, window


def in_view(found: list[Place], seen: Window) -> list[Place]:
    return [place for place in found if seen.shows(place.point)]


@given(places(), windows())
def test_every_place_in_view_is_in_exactly_one_cluster(found: list[Place], seen: Window) -> None:
    clustered = [
        place for cluster in clusters(in_view(found, seen), seen) for place in cluster.places
    ]
    assert sorted(clustered) == sorted(in_view(found, seen))


@given(places(), windows())
def test_marks_keep_their_distance_and_lie_whole_in_the_picture(
    found: list[Place], seen: Window
) -> None:
    spacing = seen.width * SPACING
    marks = [cluster.middle for cluster in clusters(in_view(found, seen), seen)]
    assert all(dist(*pair) >= spacing for pair in combinations(marks, 2))
    for mark in marks:
        assert abs(mark.x) <= (seen.width - spacing) / 2 + 1e-6
        assert abs(mark.y) <= (seen.height - spacing) / 2 + 1e-6


@given(places(), windows(), st.randoms())
def test_clusters_do_not_depend_on_the_order(
    found: list[Place], seen: Window, chance: Random
) -> None:
    before = clusters(in_view(found, seen), seen)
    mixed = list(found)
    chance.shuffle(mixed)
    assert clusters(in_view(mixed, seen), seen) == before


@given(places(), windows())
def test_opening_a_cluster_comes_closer_and_keeps_its_parks_in_view(
    found: list[Place], seen: Window
) -> None:
    for cluster in clusters(in_view(found, seen), seen):
        opened = cluster.opened(seen)
        assert (opened is None) == (seen.zoom == DEEPEST)
        if opened is not None:
            assert opened.zoom > seen.zoom
            # One so wide that no closer window holds it all is gone into at its middle.
            is_held = all(opened.shows(place.point) for place in cluster.places)
            assert is_held or opened.zoom == seen.zoom + 1


def test_far_apart_on_a_map_of_a_country_is_together_on_one_of_the_world() -> None:
    rust = Place("a", "A", "DE", True, *project(48.266, 7.722))
    soltau = Place("b", "B", "DE", True, *project(53.024, 9.877))
    assert len(clusters([rust, soltau], WORLD)) == 1
    near = window(project(50.6, 8.8), 4)
    assert [[p.slug for p in each.places] for each in clusters([rust, soltau], near)] == [
        ["a"], ["b"],
    ]  # fmt: skip
