"""One field of a form, judged as soon as it is left: by the rules that the save asks, too."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from versioning.fields.forms import ValueFormField
from wiki.forms.checks import names_beside
from wiki.forms.form_fields import PageField
from wiki.forms.page_form import PageForm, checked_alone, form_of_fields
from wiki.kinds.registry import model_of


def check_fact(request: HttpRequest, plural: str, name: str) -> HttpResponse:
    """What was understood of a field, or what is wrong with it. Cost: what its rules cost."""
    model = model_of(plural)
    if name not in checked_alone(model):
        raise Http404(f"{plural.capitalize()} have no fact called {name[:40]!r}.")
    beside = [each for each in names_beside(model, name) if each == name or each in request.GET]
    form = form_of_fields(model, PageForm, beside)(request.GET, instance=model(), references={})
    form.is_valid()
    field, value = form.fields[name], form.cleaned_data.get(name)
    is_read = isinstance(field, ValueFormField | PageField) and value is not None
    typed = request.GET.get(name, "").strip()
    context = {
        "errors": [*form.errors.get(name, ()), *form.non_field_errors()],
        "understood": str(value) if is_read and str(value) != typed else "",
    }
    return render(request, "pages/_field_check.html", context)
