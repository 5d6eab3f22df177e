"""Places and windows: anywhere, and often close together or at the antimeridian."""

from hypothesis import strategies as st

from wiki.geography.projection import Point, project
from wiki.maps.places import Place
from wiki.maps.window import DEEPEST, Window, window

latitudes = st.floats(-90, 90) | st.floats(48, 48.5) | st.sampled_from([0.0, 48.266, 90.0])
longitudes = st.floats(-180, 180) | st.floats(7, 8) | st.sampled_from([-180.0, 7.722, 179.99])


def points() -> st.SearchStrategy[Point]:
    return st.builds(project, latitudes, longitudes)


def windows() -> st.SearchStrategy[Window]:
    return st.builds(window, points(), st.integers(0, DEEPEST))


@st.composite
def places(draw: st.DrawFn) -> list[Place]:
    found = draw(st.lists(st.tuples(latitudes, longitudes), max_size=60))
    return [
        Place(f"p{number}", f"P {number}", "DE", True, *project(*where))
        for number, where in enumerate(found)
    ]
