"""Readers and editors at once: everybody is served. By hand: `python -m tests.load.load`."""

import asyncio

import pytest

from tests.load.asking import Answer
from tests.load.figures import Figures, seconds_until_well
from tests.load.forms import Form
from tests.load.load import Load, run, told
from tests.load.wiki import Wiki
from tests.threads import without_a_loop

LIGHT = Load(readers=8, editors=2, seconds=5, pause=0.3)


@pytest.mark.slow
def test_readers_and_editors_are_all_served(wiki: Wiki) -> None:
    accounts = wiki.accounts(4)
    traffic = without_a_loop(lambda: asyncio.run(run(wiki.target, LIGHT, accounts)))
    for answers in (traffic.reads, traffic.saves, traffic.of("sign-in", "form")):
        assert Figures.of(answers).failures == 0, told(traffic, LIGHT.seconds)
    assert len(traffic.reads) > LIGHT.readers
    assert traffic.acknowledged
    assert set(traffic.acknowledged) <= wiki.recorded()


def answer(seconds: float, outcome: str = "200", begun: float = 0.0) -> Answer:
    return Answer(begun, seconds, outcome)


def test_figures_tell_the_middle_and_the_end() -> None:
    figures = Figures.of(answer(n / 100) for n in range(1, 101))
    assert (figures.count, figures.longest, figures.failures) == (100, 1.0, 0)
    assert figures.p50 == pytest.approx(0.505)
    assert 0.98 < figures.p99 <= 1.0
    assert Figures.of([]).p99 == 0


def test_all_is_well_after_the_last_failure() -> None:
    answers = [answer(1, "503", begun=10), answer(2, "cut off", begun=11), answer(9, begun=12)]
    assert seconds_until_well(answers, since=10) == 3
    assert seconds_until_well(answers[2:], since=10) == 0


PAGE = """
<form><input name="q"></form>
<form method="post"><input type="hidden" name="token" value="a&amp;b">
<button name="action" value="save">
<input type="checkbox" name="no"><input type="radio" name="yes" value="1" checked>
<textarea name="body">Two &lt;lines&gt;,
here.</textarea><select name="kind"><option value="x"><option value="y" selected>Why</select></form>
"""


def test_a_form_is_sent_as_a_browser_would() -> None:
    body = "Two <lines>,\nhere."
    assert Form(PAGE).fields == {"token": "a&b", "yes": "1", "body": body, "kind": "y"}
