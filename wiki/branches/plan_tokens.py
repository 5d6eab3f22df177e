"""Tokens of plans: nothing is merged, synced or reverted but what somebody looked at.

The form brings along what the plan would have done, in short, and where the log stood.
"""

from django.template.defaultfilters import pluralize

from eventstore.errors import Refusal
from eventstore.models import Changeset
from versioning.branches.plans import Plan


class PlanMoved(Refusal):
    """A plan would do something else by now than what its reader saw; nothing was done."""

    code = "plan-moved"
    status = 409
    hint = "Look at it again: this is what it would do now."

    def __init__(self, edits: int) -> None:
        came = f"{edits} change{pluralize(edits)} arrived" if edits else "something changed"
        super().__init__(f"Since you looked, {came}, so nothing was done.")


def token_of(plan: Plan) -> str:
    """What a form brings along."""
    return f"{plan.position}-{plan.signature}"


def require_same_plan(plan: Plan, plan_token: str, *branches: int) -> None:
    """Refuse a plan of these branches that does something else than what was looked at.

    A form without it, a script's say, has looked at nothing. Raises PlanMoved.
    """
    position, _, signature = plan_token.partition("-")
    if not plan_token or signature == plan.signature:
        return
    since = int(position) if position.isdecimal() and len(position) < 19 else 0
    came = Changeset.objects.filter(branch__in=branches, last_position__gt=since)
    raise PlanMoved(came.count())
