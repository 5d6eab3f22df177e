"""Addresses of the wiki; each reading one works under every viewpoint."""

from collections.abc import Callable

from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, path, register_converter
from django.urls.converters import StringConverter
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wiki import audit, health
from wiki.branches import comparing, members, merging
from wiki.branches import views as branches
from wiki.changes import looked
from wiki.changes import views as changes
from wiki.discovery import feeds, sitemaps
from wiki.drafts import views as drafts
from wiki.editing import moving
from wiki.editing import views as editing
from wiki.forms.checking import check_fact
from wiki.home import views as home
from wiki.maps import views as maps
from wiki.moderation import suppression
from wiki.moderation import views as moderation
from wiki.profiles.contributions import contributions
from wiki.proposals import views as proposals
from wiki.proposals.conflicts import conflicts
from wiki.requests import preferences
from wiki.schema import views as schema
from wiki.screens import blame, history, links, lists, names, page
from wiki.search import completion, suggestions
from wiki.search import views as search
from wiki.talk import views as talk
from wiki.undoing import restoring
from wiki.undoing import views as undoing
from wiki.undoing.rollback import roll_back
from wiki.viewpoints import missing, travel
from wiki.viewpoints.alike import alike
from wiki.viewpoints.revalidation import revalidated
from wiki.years import views as years

View = Callable[..., HttpResponseBase]
Addresses = list[URLPattern | URLResolver]


class Word(StringConverter):
    """A part of an address in any letters, but for NUL: PostgreSQL can hold none to compare."""

    regex = r"[^/\x00]+"


register_converter(Word, "word")


def reads(address: str, view: View, name: str) -> URLPattern:
    """An address that only shows: GET and HEAD, and 405 for everything else."""
    return path(address, require_safe(view), name=name)


def acts(address: str, view: View, name: str) -> URLPattern:
    """An address that shows a form by GET and does what it says by POST."""
    return path(address, require_http_methods(["GET", "HEAD", "POST"])(view), name=name)


def takes(address: str, view: View, name: str) -> URLPattern:
    """An address that acts by POST, and shows nothing."""
    return path(address, require_POST(view), name=name)


urlpatterns: Addresses = [
    reads("", home.home, "home"),
    reads("health/live", health.live, "live"),
    reads("health/ready", health.ready, "ready"),
    reads("metrics", health.metrics, "metrics"),
    reads("robots.txt", sitemaps.robots, "robots"),
    reads("sitemap.xml", sitemaps.index, "sitemaps"),
    reads("sitemap-<slug:section>.xml", alike(sitemaps.sitemap), "sitemap"),
    reads("api/v1/schema/", schema.index, "schemas"),
    reads("api/v1/schema/<slug:plural>.json", schema.schema, "schema"),
    reads("search/", search.search, "search"),
    reads("search/suggest/", suggestions.suggestions, "suggest"),
    path("units/", preferences.choose_units, name="units"),
    reads("travel/", travel.travel, "travel"),
    reads("travel/branches/", travel.branches, "branches_of_a_page"),
    path(missing.ADDRESS.lstrip("/"), missing.missing, name="no_such_viewpoint"),
    reads("audit/", audit.audit, "audit"),
    reads("compare/", comparing.compare_viewpoints, "compare"),
    reads("reports/links/", links.reports, "link_reports"),
    reads("reports/orphans/", links.orphans, "orphans"),
    reads("reports/orphans/<slug:plural>/", links.orphans_by_kind, "orphans_by_kind"),
    reads("statistics/", years.statistics, "statistics"),
    reads("on-this-day/", years.this_day, "this_day"),
    reads("texts/pages/", completion.pages, "pages_to_link"),
    reads("texts/sources/", completion.sources, "sources_to_cite"),
    reads("facts/<slug:plural>/<slug:name>/", check_fact, "check_fact"),
    reads("map/", maps.parks_on_map, "map"),
    reads("names/<word:called>/", names.called, "called"),
    reads("accounts/<word:name>/", contributions, "contributions"),
    reads("moderation/", moderation.overview, "moderation"),
    reads("moderation/suppressed/", suppression.overview, "suppressed"),
    acts(
        "moderation/suppressed/<uuid:entity_id>/<int:branch>/<int:position>/",
        suppression.suppressed_versions,
        "suppressed_versions",
    ),
    acts("moderation/accounts/<word:name>/", moderation.account, "moderation_account"),
    acts("moderation/accounts/<word:name>/roll-back/", roll_back, "roll_back"),
    reads("changes/", changes.changes, "changes"),
    reads("changes/since/", looked.since_looked, "since_looked"),
    reads("changes/feed/", alike(feeds.ChangesFeed()), "changes_feed"),
    reads("changes/<int:number>/", changes.changeset, "changeset"),
    acts("changes/<int:number>/suppress/", suppression.suppress_summary, "suppress_summary"),
    acts("changes/<int:number>/revert/", undoing.revert, "revert"),
    acts("branches/", branches.branch_list, "branches"),
    reads("branches/<slug:name>/", branches.branch, "branch"),
    acts("branches/<slug:name>/change/", branches.change, "change_branch"),
    reads("branches/<slug:name>/compare/", comparing.compare_branch, "compare_branch"),
    acts("branches/<slug:name>/members/", members.members, "branch_members"),
    acts("branches/<slug:name>/merge/", merging.merge, "merge"),
    acts("branches/<slug:name>/sync/", merging.sync, "sync"),
    acts("branches/<slug:name>/protect/", moderation.protect_branch, "protect_branch"),
    acts("branches/<slug:name>/talk/", talk.talk, "talk"),
    acts("branches/<slug:name>/talk/<int:number>/", talk.change, "comment"),
    reads("proposals/", proposals.proposal_list, "proposals"),
    acts("proposals/<int:number>/", proposals.proposal, "proposal"),
    acts("proposals/<int:number>/conflicts/", conflicts, "conflicts"),
    reads("<slug:plural>/", revalidated(lists.page_list), "list"),
    acts("<slug:plural>/new/", editing.create, "new"),
    takes("<slug:plural>/new/draft/", drafts.keep_new_draft, "keep_new_draft"),
    reads("<slug:plural>/options/", lists.options, "options"),
    reads("<slug:plural>/<slug:slug>/", revalidated(page.page), "page"),
    reads("<slug:plural>/<slug:slug>/history/", history.history, "history"),
    reads("<slug:plural>/<slug:slug>/history/feed/", alike(feeds.HistoryFeed()), "history_feed"),
    reads("<slug:plural>/<slug:slug>/history/<int:number>/", history.version, "version"),
    acts("<slug:plural>/<slug:slug>/history/<int:number>/restore/", restoring.restore, "restore"),
    reads("<slug:plural>/<slug:slug>/diff/", history.diff, "diff"),
    reads("<slug:plural>/<slug:slug>/blame/", blame.blame, "blame"),
    reads("<slug:plural>/<slug:slug>/timeline/", years.timeline, "timeline"),
    reads("<slug:plural>/<slug:slug>/links/", links.links, "links"),
    acts("<slug:plural>/<slug:slug>/edit/", editing.edit, "edit"),
    acts("<slug:plural>/<slug:slug>/edit/<slug:name>/", editing.edit_fact, "edit_fact"),
    takes("<slug:plural>/<slug:slug>/draft/", drafts.keep_draft, "keep_draft"),
    acts("<slug:plural>/<slug:slug>/rename/", moving.rename, "rename"),
    acts("<slug:plural>/<slug:slug>/delete/", moving.delete, "delete"),
    acts("<slug:plural>/<slug:slug>/undelete/", moving.undelete, "undelete"),
    acts("<slug:plural>/<slug:slug>/suppress/", suppression.suppress_versions, "suppress"),
    acts("<slug:plural>/<slug:slug>/protect/", moderation.protect_page, "protect"),
]
