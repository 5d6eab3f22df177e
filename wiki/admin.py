"""Django's admin for pages: a save there is an event like any other.

For those who know what they do; editors have the wiki's own forms.
"""

from typing import Any

from django import forms
from django.contrib import admin

from versioning.entities.kinds import kind_of
from versioning.saving.context import acting_as
from wiki.kinds.registry import KINDS


class PageAdminForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form that knows which version it began from, and does not overwrite a later one."""

    base = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["base"].initial = self.instance.version

    def clean_base(self) -> int | None:
        base: int | None = self.cleaned_data["base"]
        if base is not None and base != self.instance.version:
            raise forms.ValidationError(
                f"Somebody changed this page while you edited: you began at version {base}, it is "
                f"at {self.instance.version} now. Open it again beside this, and take both over."
            )
        return base


class PageAdmin(admin.ModelAdmin[Any]):
    """Pages by name, at main's head. References are chosen by key: lists would be too long."""

    list_display = ("name", "slug")
    search_fields = ("name", "slug")
    ordering = ("name", "id")
    show_full_result_count = False

    form = PageAdminForm

    def get_fields(self, request: Any, obj: Any = None) -> list[Any]:
        return [*kind_of(self.model).fields, "base"]

    @property
    def raw_id_fields(self) -> list[str]:  # type: ignore[override]
        fields = kind_of(self.model).fields.values()
        return [f.name for f in fields if f.model_field.related_model is not None]

    def changeform_view(self, request: Any, *args: Any, **options: Any) -> Any:
        with acting_as(request.user.pk):
            return super().changeform_view(request, *args, **options)

    def changelist_view(self, request: Any, *args: Any, **options: Any) -> Any:
        with acting_as(request.user.pk):
            return super().changelist_view(request, *args, **options)

    def delete_view(self, request: Any, *args: Any, **options: Any) -> Any:
        with acting_as(request.user.pk):
            return super().delete_view(request, *args, **options)


for model in KINDS.values():
    admin.site.register(model, PageAdmin)
