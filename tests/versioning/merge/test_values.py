import pytest

from versioning.merge import MISSING, Unsettled, same
from versioning.merge.values import Settled, Value, identity_of, plainest, settle


@pytest.mark.parametrize(
    ("a", "b"),
    [("caf\u00e9", "cafe\u0301"), ("a\r\nb", "a\nb"), (1, 1.0), ({"a": [1]}, {"a": [1.0]})],
)
def test_writing_is_not_content(a: Value, b: Value) -> None:
    assert same(a, b)
    assert identity_of(a) == identity_of(b)


@pytest.mark.parametrize(
    ("a", "b"), [(True, 1), (False, 0), (None, MISSING), ("", None), ("1", 1), ([], {}), (0, "")]
)
def test_values_of_different_types_are_different(a: Value, b: Value) -> None:
    assert not same(a, b)
    assert identity_of(a) != identity_of(b)


def test_one_side_alone_keeps_its_writing() -> None:
    assert settle("cafe\u0301", "cafe\u0301", "caf\u00e9") == Settled("caf\u00e9")


def test_a_new_writing_gives_way_to_a_new_value() -> None:
    assert settle("caf\u00e9", "cafe\u0301", "bar") == Settled("bar")


def test_equal_changes_in_two_writings_are_the_plainer_one_from_either_side() -> None:
    assert settle("x", "cafe\u0301", "caf\u00e9") == settle("x", "caf\u00e9", "cafe\u0301")
    assert plainest(("cafe\u0301", "caf\u00e9")) == "caf\u00e9"


def test_over_an_unsettled_base_only_agreement_settles() -> None:
    base = Unsettled((62, 63))
    assert settle(base, 64, 64) == Settled(64)
    assert settle(base, 62, 64) is None
    assert settle(base, 62, 63) is None
