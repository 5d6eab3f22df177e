"""A merge is derived by what was so when it was made, whatever the models became since."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.evolution import merges
from tests.evolution.merges import (
    HEIGHT,
    LASTS,
    MODELS,
    ONE_NAME,
    OWNERS,
    SEEN,
    TOLD,
    Audited,
    Made,
)
from tests.evolution.project import Project, Server
from tests.evolution.test_data import UPCASTER, migration
from tests.evolution.test_fields import CODE, MAKER, NAME, NOTE, SIZE, WEIGHT
from tests.evolution.test_models import write_move


@pytest.fixture(scope="module")
def begun_merges(
    server: Server, worker: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Project, Made]]:
    """A shop whose log is full of merges; nobody changes it."""
    name = f"{worker}_merges"
    server.create(name)
    project = Project(tmp_path_factory.mktemp("merges"), server, name)
    project.models(MODELS)
    project.migrate()
    yield project, project.run(merges.fill)
    server.drop(name)


@pytest.fixture
def made(begun_merges: tuple[Project, Made]) -> Made:
    return begun_merges[1]


@pytest.fixture
def merged(
    begun_merges: tuple[Project, Made], server: Server, worker: str, tmp_path: Path
) -> Iterator[Project]:
    """A copy of it, to be changed."""
    begun, _ = begun_merges
    name = f"{worker}_merged"
    server.create(name, template=begun.database)
    copy = Project(tmp_path / "project", server, name)
    shutil.copytree(begun.folder / "shop", copy.folder / "shop", dirs_exist_ok=True)
    yield copy
    server.drop(name)


def require_judged_as_before(audited: Audited, made: Made) -> None:
    """The forged merges are found, the others are sound, and nothing else is said."""
    names = {changeset: name for name, changeset in made.forged.items()}
    found = {names.get(changeset, changeset) for changeset in audited.faulty}
    assert found == made.forged.keys(), audited.sentences
    assert audited.others == ()
    assert (audited.derived, audited.untold, audited.mended) == (made.merges, 0, 0)


def changed(*replacements: tuple[str, str]) -> str:
    text = MODELS
    for before, after in replacements:
        assert before in text, before
        text = text.replace(before, after)
    return text


def without(*lines: str) -> str:
    return changed(*((line, "") for line in lines))


ITEM = MODELS.index("class Owned(")
MAKERS = '    makers = References(Maker, related_name="made", blank=True)\n'
FOREIGN_KEY = "models.ForeignKey(Maker, null=True, blank=True, on_delete=models.PROTECT)"
ACRES = "    acres = models.IntegerField(null=True)\n"
FORMER_OWNER = """
    colour = models.TextField(default="red")
    former_names = {"owner": "holder"}
"""
RULES = (
    merges.META.format(
        "models.CheckConstraint(condition=~models.Q(size=1), name='not_as_at_first')"
    )
    + """
    def contradictions(self):
        yield "name", "Nothing may be called anything."
"""
)


def slow(*values: object, id: str) -> object:  # noqa: A002  # as pytest's own
    return pytest.param(*values, id=id, marks=pytest.mark.slow)


def decimal(line: str) -> str:
    return line.replace("IntegerField(", "DecimalField(max_digits=8, decimal_places=2, ")


def char(line: str) -> str:
    return line.replace("IntegerField(", "CharField(max_length=9, ")


@pytest.mark.parametrize(
    ("models", "answers", "label"),
    [
        pytest.param(MODELS, [], "shop.Item", id="nothing"),
        pytest.param(
            changed((NOTE, NOTE.replace("TextField(", "CharField(max_length=5000, "))), [],
            "shop.Item", id="text to char",
        ),
        pytest.param(
            changed((SIZE, SIZE.replace("size", "width")), (NOTE, NOTE.replace("note", "words"))),
            ["y", "y"], "shop.Item", id="renamed",
        ),
        pytest.param(
            without(SIZE, NOTE, TOLD, OWNERS, SEEN, LASTS, MAKERS), [], "shop.Item", id="removed",
        ),
        pytest.param(changed((SIZE, decimal(SIZE))), [], "shop.Item", id="int to decimal"),
        slow(
            changed((SIZE, char(SIZE)),
                    (CODE, CODE.replace("CharField(max_length=50, ", "TextField(")),
                    (HEIGHT, char(HEIGHT.replace("Float", "Integer"))),
                    (TOLD, "    told = models.TextField()\n"),
                    (SEEN, SEEN.replace("auto_now=True", "null=True"))),
            [], "shop.Item", id="many types",
        ),
        slow(
            changed((SIZE, "    size = models.IntegerField()\n"),
                    (NAME, NAME.replace("max_length=100", "max_length=100, unique=True"))),
            ["1", "0"], "shop.Item", id="not null, and unique",
        ),
        pytest.param(
            changed((MAKER, MAKER.replace(FOREIGN_KEY, "References(Maker, blank=True, "
                                                       "related_name='sold')"))),
            [], "shop.Item", id="foreign key to references",
        ),
        slow(
            changed((WEIGHT, WEIGHT.replace("default=1", "default=9")),
                    (CODE, CODE.replace("blank=True", "blank=True, default='x'")
                     + "    colour = models.CharField(max_length=20, default='red')\n"),
                    (ONE_NAME, "")),
            [], "shop.Item", id="added, other defaults, no constraint",
        ),
        pytest.param(changed((ONE_NAME, RULES)), [], "", id="rules that what stands breaks"),
        pytest.param(MODELS[:ITEM], [], "", id="model removed"),
        pytest.param(
            changed(("class Item(", "class Ware(")), ["y"], "shop.Ware", id="model renamed"
        ),
        slow(
            changed(("class Maker(", "class Brand("), ("(Maker", "(Brand")), ["y"], "shop.Item",
            id="another model renamed",
        ),
        pytest.param(
            changed(("    owner = ", "    holder = "), (ACRES, FORMER_OWNER)), [], "shop.Item",
            id="parts of items",
        ),
    ],
)  # fmt: skip
def test_a_merge_is_judged_as_before_after_a_change_of_the_models(
    merged: Project, made: Made, models: str, answers: list[str], label: str
) -> None:
    merged.models(models)
    merged.migrate(*answers)
    require_judged_as_before(merged.run(merges.audited), made)
    if label:
        later = Made(made.merges + merged.run(merges.go_on, label), made.forged)
        require_judged_as_before(merged.run(merges.audited), later)


@pytest.mark.parametrize(
    ("models", "answers"),
    [
        pytest.param(MODELS, [], id="nothing"),
        slow(changed((SIZE, SIZE.replace("size", "width"))), ["y"], id="renamed"),
        slow(
            changed((NOTE, NOTE.replace("TextField(", "CharField(max_length=5000, "))), [],
            id="text to char",
        ),
        slow(MODELS[:ITEM], [], id="model removed"),
    ],
)  # fmt: skip
def test_an_older_merge_is_judged_as_far_as_it_can_be(
    empty: Project, models: str, answers: list[str]
) -> None:
    """No honest one is called wrong, and no forged one that every rule would call so goes by."""
    empty.models(MODELS)
    empty.migrate()
    made = empty.run(merges.fill_before_kinds_were_told)
    empty.models(models)
    empty.migrate(*answers)
    audited = empty.run(merges.audited)
    unclear = {forge.__name__ for forge in merges.UNTOLD}
    names = {changeset: name for name, changeset in made.forged.items()}
    assert {names.get(each, each) for each in audited.faulty} == made.forged.keys() - unclear
    assert audited.others == ()
    assert audited.derived + audited.untold == made.merges
    assert audited.untold >= len(unclear)
    assert audited.mended == 0


def use_the_name_again(project: Project) -> None:
    project.models(without(SIZE, NOTE))
    project.migrate()
    size = "    size = models.CharField(max_length=9, default='large')\n"
    project.models(changed((SIZE, size), (NOTE, "    note = models.IntegerField(default=3)\n")))
    project.migrate()


def use_the_label_again(project: Project) -> None:
    project.models(MODELS[:ITEM])
    project.migrate()
    fields = "    size = models.CharField(max_length=9, default='large')\n"
    project.models(f"{MODELS[:ITEM]}class Item(VersionedModel):\n{fields}")
    project.migrate()


def read_by_an_upcaster(project: Project) -> None:
    field = "models.CharField(max_length=50, blank=True)"
    project.models(MODELS + UPCASTER)
    operation = f"Upcast('item', 'code', {field}, upcaster='in-words')"
    project.migration("0002_in_words", migration(operation))
    project.migrate()


def exchange_names(project: Project) -> None:
    """Two fields take each other's name, by way of a third."""
    project.models(changed((SIZE, SIZE.replace("size", "other"))))
    project.migrate("y")
    project.models(
        changed((SIZE, SIZE.replace("size", "other")), (WEIGHT, WEIGHT.replace("weight", "size")))
    )
    project.migrate("y")
    project.models(
        changed((SIZE, SIZE.replace("size", "weight")), (WEIGHT, WEIGHT.replace("weight", "size")))
    )
    project.migrate("y")


@pytest.mark.parametrize(
    "change",
    [
        use_the_name_again, read_by_an_upcaster,
        pytest.param(use_the_label_again, marks=pytest.mark.slow),
        pytest.param(exchange_names, marks=pytest.mark.slow),
    ],
)  # fmt: skip
def test_a_merge_is_judged_as_before_after_several_changes(
    merged: Project, made: Made, change: Callable[[Project], None]
) -> None:
    change(merged)
    require_judged_as_before(merged.run(merges.audited), made)


HALVES = """
from versioning.schema.upcasters import upcaster

upcaster("shop.item", "weight", "halves", lambda weight: weight / 2)
"""


def test_a_question_about_carried_values_is_derived_as_rows_had_them(
    merged: Project, made: Made
) -> None:
    """An upcaster gives 2.5, where a row of that decimal gives 2.50."""
    merged.models(changed((WEIGHT, decimal(WEIGHT))) + HALVES)
    field = "models.DecimalField(max_digits=8, decimal_places=2, default=1)"
    operation = f"Upcast('item', 'weight', {field}, upcaster='halves')"
    merged.migration("0002_halves", migration(operation))
    merged.migrate()
    merged.run(merges.weight_answered)
    merged.models(without(WEIGHT) + HALVES)
    merged.migrate()
    require_judged_as_before(merged.run(merges.audited), Made(made.merges + 1, made.forged))


def test_a_merge_of_values_that_only_a_lost_upcaster_reads_is_not_judged(
    merged: Project, made: Made
) -> None:
    """The field is gone, and its upcaster with it: nothing of today needs either."""
    read_by_an_upcaster(merged)
    merged.run(merges.unanswered_again)
    merged.models(without(CODE))
    merged.migrate()
    audited = merged.run(merges.audited)
    assert audited.faulty == set(made.forged.values())
    assert (audited.others, audited.derived, audited.untold) == ((), made.merges, 1)


def test_a_merge_is_judged_as_before_after_its_model_moved(merged: Project, made: Made) -> None:
    moved = Project(merged.folder, merged.server, merged.database, apps=("shop", "warehouse"))
    head = MODELS[:ITEM]
    moved.models(head)
    item = MODELS[ITEM:].replace("(Maker", "('shop.Maker'") + "        db_table = 'shop_item'\n"
    moved.models(head.split("class Maker(")[0] + item, "warehouse")
    moved.run(write_move)
    moved.migrate()
    require_judged_as_before(moved.run(merges.audited), made)
