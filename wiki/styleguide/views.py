"""The styleguide, at `/styleguide/` while one develops: every component in its states."""

from types import SimpleNamespace

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wiki.forms.page_form import new_form
from wiki.kinds.rides.models import Ride
from wiki.styleguide import examples
from wiki.styleguide.forms import SENT, ExampleForm


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """All components; the frame around them is that of `?frame=past`, `branch`, `both`, `preview`.

    Raises Http404 where nobody develops.
    """
    frame = request.GET.get("frame", "now")
    if not settings.STYLEGUIDE or frame not in examples.FRAMES:
        raise Http404
    ride = new_form(Ride)(references={})
    context = {
        "frames": examples.FRAMES,
        "frame": frame,
        "bar": examples.time_bar(frame),
        "page": SimpleNamespace(name="Kestrel", plural="rides", slug="kestrel"),
        "values": [examples.HEIGHT, examples.PARK, *examples.AREAS],
        "facts": examples.FACTS,
        "differences": examples.DIFFERENCES,
        "words": examples.WORDS,
        "changed": examples.CHANGED,
        "changesets": examples.CHANGESETS,
        "offers": examples.OFFERS,
        "typed": examples.TYPED,
        "page_options": examples.PAGE_OPTIONS,
        "text_options": examples.TEXT_OPTIONS,
        "said": examples.SAID,
        "empty_form": ExampleForm(auto_id="empty_%s"),
        "refused_form": ExampleForm(SENT, auto_id="refused_%s"),
        "park": ride["park"],
        "names": ride["names"],
    }
    if frame != "now":
        context["banner"] = examples.banner(frame)
    return render(request, "styleguide/index.html", context)
