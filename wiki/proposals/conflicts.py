"""A proposal's conflicts: asked, answered one by one or together, opened again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from versioning.branches.answers import NOTHING, Whole
from versioning.branches.conflicts import EntityConflict
from versioning.branches.merge import NotABranch
from versioning.branches.proposals import AnsweredMeanwhile, earlier_answers, every_conflict
from versioning.branches.sync import NothingToSync
from versioning.entities.kinds import kind_of
from versioning.models import Proposal, ProposalState
from wiki.accounts.names import names_of
from wiki.branches.answers import answers_to
from wiki.branches.commands import answer_conflicts, reopen_conflict
from wiki.branches.passages import OWN
from wiki.branches.questions import Asking, Question, field_of, is_typed, question_name, sides_of
from wiki.branches.sides import behind, labels_of
from wiki.pages.values import Shown, shelf_of, shown
from wiki.proposals.finding import get_proposal
from wiki.requests.signed_in import signed_in
from wiki.rights.rights import Right, may

QUESTIONS = "questions"
"""The part of the page that an answer changes."""


@dataclass(frozen=True)
class Posed:
    """A question of a proposal, with the answer that is kept: what it says, and whose it is."""

    question: Question
    is_kept: bool = False
    by: str = ""
    own: list[Shown] = field(default_factory=list)
    """What is kept, where that is no side's."""
    is_typed: bool = False
    """Whether an answer was typed that is not kept."""


@dataclass(frozen=True)
class Attempt:
    """What a form brought: what was typed and is not kept, and why of an answer it is not."""

    typed: Mapping[str, Any] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


def conflicts(request: HttpRequest, number: int) -> HttpResponse:
    """Each conflict with its sides and its answer; POST keeps answers, as many as are given."""
    found = get_proposal(number)
    if request.method == "POST":
        return _answer(request, found)
    return _shown(request, found, Attempt())


@signed_in
def _answer(request: HttpRequest, found: Proposal) -> HttpResponse:
    if key := request.POST.get("reopen"):
        reopen_conflict(found, key, actor=request.user)
        return _after(request, found, Attempt())
    attempt = _kept(request, found)
    if attempt.status != 200:
        return _shown(request, found, attempt)
    return _after(request, found, attempt)


def _kept(request: HttpRequest, found: Proposal) -> Attempt:
    """Keep what a form answers: one question, where its own button was pressed, or all of them."""
    asked = {each.key: each for each in _every_conflict(found)}
    pressed = request.POST.get("keep")
    meant = [each for each in asked.values() if pressed in (None, question_name(each.key))]
    answers = answers_to(meant, request.POST, actor=request.user)
    refused, status = answers.refused, 422 if answers.refused else 200
    new = {
        key: value
        for key, value in answers.values.items()
        if not _is_answered(found, key, value, asked[key].signature)
    }
    try:
        answer_conflicts(found, asked, new, actor=request.user)
    except AnsweredMeanwhile as late:
        refused, status = refused | dict.fromkeys(new, f"{late.sentence} {late.hint}"), 409
    if pressed and not answers.values and not refused:
        refused = {each.key: "Choose an answer first." for each in meant}
        status = 422
    return Attempt(_without(request.POST, answers.values.keys() - refused.keys()), refused, status)


def _without(form: Mapping[str, Any], keys: Any) -> dict[str, Any]:
    """What was typed, but for the answers of some questions."""
    kept = tuple(question_name(key) for key in keys)
    return {
        name: value
        for name, value in form.items()
        if name.startswith("answer-") and not (kept and name.startswith(kept))
    }


def _is_answered(found: Proposal, key: str, value: Any, signature: str) -> bool:
    known = found.resolutions.get(key)
    return known is not None and known["value"] == value and known["signature"] == signature


def _after(request: HttpRequest, found: Proposal, attempt: Attempt) -> HttpResponse:
    """The page anew, or what follows the last answer; what else was typed is never left behind."""
    if request.GET.get("part") == QUESTIONS:
        return _shown(request, found, attempt)
    posed = _posed(found, attempt)
    if any(each.is_typed for each in posed):
        return _page(request, found, posed, attempt)
    if posed and all(each.is_kept for each in posed):
        messages.success(request, "Every question is answered. It can be carried out now.")
        return redirect("proposal", number=found.number)
    return redirect("conflicts", number=found.number)


def _shown(request: HttpRequest, found: Proposal, attempt: Attempt) -> HttpResponse:
    return _page(request, found, _posed(found, attempt), attempt)


def _page(
    request: HttpRequest, found: Proposal, posed: list[Posed], attempt: Attempt
) -> HttpResponse:
    waiting = [each for each in posed if not each.is_kept]
    context = {
        "proposal": found,
        "posed": posed,
        "waiting": waiting,
        "refusals": _refusals_elsewhere(attempt, posed),
        "may_answer": may(request.user, Right.BRANCH),
    }
    template = "proposals/conflicts.html"
    if request.GET.get("part") == QUESTIONS:
        template = f"{template}#{QUESTIONS}"
    return render(request, template, context, status=attempt.status)


def _refusals_elsewhere(attempt: Attempt, posed: list[Posed]) -> list[str]:
    """Sentences about questions that are not asked any more."""
    keys = {each.question.key for each in posed if not each.is_kept}
    return [sentence for key, sentence in attempt.refused.items() if key not in keys]


def _posed(found: Proposal, attempt: Attempt) -> list[Posed]:
    """Every conflict, with the answer that it has, or one that was given elsewhere before."""
    asked = _every_conflict(found) if found.state == ProposalState.OPEN else []
    if not asked:
        return []
    asking = Asking.about(
        asked,
        labels_of(found.branch, found.purpose),
        shelf_of([*sides_of(asked), *_own_answers(asked, found)]),
        behind=behind(found.branch, found.purpose),
        typed=attempt.typed,
    )
    earlier = earlier_answers(found)
    names = names_of(answer["by"] for answer in found.resolutions.values())
    posed = []
    for each in asked:
        if kept := _fitting(each, found.resolutions):
            posed.append(_pose_answered(each, asking, kept, names.get(kept["by"], "")))
        else:
            posed.append(_pose_open(each, asking, _fitting(each, earlier), attempt))
    return posed


def _own_answers(asked: Sequence[EntityConflict], found: Proposal) -> Iterator[Any]:
    """What is kept of whole fields, as documents: for the names of the pages in them."""
    for each in asked:
        f, kept = field_of(each), _fitting(each, found.resolutions)
        if kept and f is not None and each.conflict.path == f.name and _is_value(kept["value"]):
            yield kind_of(each.entity[0]), {f.name: kept["value"]}


def _is_value(answer: Any) -> bool:
    return answer != NOTHING and Whole.of(answer) is None


def _pose_answered(
    asked: EntityConflict, asking: Asking, kept: Mapping[str, Any], by: str
) -> Posed:
    question = _answered(asking.question(asked), asked, asking, kept["value"])
    f = kind_of(asked.entity[0]).fields.get(asked.conflict.path)
    is_own = f is not None and question.answer is None and _is_value(kept["value"])
    own = shown(f, kept["value"], asking.shelf) if f and is_own else []
    return Posed(question, is_kept=True, by=by, own=own)


def _pose_open(
    asked: EntityConflict, asking: Asking, offered: Mapping[str, Any] | None, attempt: Attempt
) -> Posed:
    question = asking.question(asked)
    if offered is not None:
        question = _answered(question, asked, asking, offered["value"])
    question = replace(question, refusal=attempt.refused.get(asked.key, ""))
    return Posed(question, is_typed=is_typed(question.name, attempt.typed))


def _fitting(
    asked: EntityConflict, answers: Mapping[str, Mapping[str, Any]]
) -> Mapping[str, Any] | None:
    """The answer to these very sides."""
    answer = answers.get(asked.key)
    return answer if answer is not None and answer["signature"] == asked.signature else None


def _answered(question: Question, asked: EntityConflict, asking: Asking, value: Any) -> Question:
    """The question with an answer chosen: a card's, or one of somebody's own."""
    chosen = next((each.key for each in question.choices if each.value == value), OWN)
    own = kind_of(asked.entity[0]).fields.get(asked.conflict.path)
    held = own.to_python(value) if own and chosen == OWN else None
    return asking.question(asked, chosen=chosen, own=held)


def _every_conflict(found: Proposal) -> list[EntityConflict]:
    """The answered ones too, and those that only the answers bring about."""
    try:
        return every_conflict(found)
    except (NotABranch, NothingToSync):
        return []
