"""Comments on a branch: made, reworded, taken back. Outside any viewpoint."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from versioning.models import Branch, Comment
from wiki.branches.finding import get_branch
from wiki.fields.letter_forms import LettersForm
from wiki.requests.refusals import CannotBeDone
from wiki.requests.signed_in import signed_in
from wiki.rights.rights import Right, may
from wiki.talk.commands import can_be_hidden, comment, reword, take_back


class CommentForm(LettersForm):
    """What somebody says."""

    text = forms.CharField(
        max_length=5_000,
        label="Comment",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Addresses of pages, such as /rides/kestrel/, become links to them here.",
    )


@signed_in
def talk(request: HttpRequest, name: str) -> HttpResponse:
    """The form to comment on a branch; POST does it, and leads to where it stands."""
    branch = get_branch(name)
    if branch.parent is None:
        raise CannotBeDone("main has no page of its own to talk on.")
    form = CommentForm(request.POST or None)
    if form.is_bound and form.is_valid():
        made = comment(branch, form.cleaned_data["text"], actor=request.user)
        return redirect(f"{reverse('branch', args=[branch.name])}#comment-{made.number}")
    context = {"branch": branch, "form": form}
    return render(request, "talk/comment.html", context, status=422 if form.errors else 200)


@signed_in
def change(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Reword a comment, or take it back."""
    branch = get_branch(name)
    found = Comment.objects.filter(branch=branch, number=number).select_related("branch").first()
    if found is None:
        raise Http404(f"There is no comment {number} on {branch.called}.")
    is_own = found.author_id == request.user.pk
    if not is_own and not may(request.user, Right.MODERATE):
        raise PermissionDenied("This comment is by somebody else.")
    if request.method == "POST" and request.POST.get("action") == "take-back":
        take_back(found, actor=request.user)
        messages.success(request, "The comment was taken back.")
        return redirect(place_of(branch, found))
    form = CommentForm(request.POST or None, initial={"text": found.text})
    if form.is_bound and form.is_valid():
        reword(found, form.cleaned_data["text"], actor=request.user)
        return redirect(place_of(branch, found))
    context = {
        "branch": branch,
        "comment": found,
        "form": form,
        "is_own": is_own,
        "may_take_back": bool(found.text) or (not is_own and can_be_hidden(found)),
    }
    return render(request, "talk/comment.html", context, status=422 if form.errors else 200)


def place_of(branch: Branch, comment: Comment) -> str:
    """Where a comment stands on its branch's page, however many came since."""
    page = reverse("branch", args=[branch.name])
    return f"{page}?before={comment.number + 1}#comment-{comment.number}"
