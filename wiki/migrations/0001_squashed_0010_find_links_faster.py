"""The first ten migrations as one, for a new wiki: a fifth of their time.

They stay for wikis that have not had them all; when there are none, they can go.
"""

from pathlib import Path

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.constraints
import django.db.models.deletion
from django.db import migrations, models

import versioning.entities.historical
import versioning.entities.references
import versioning.fields.columns
import versioning.fields.items
import versioning.fields.sorting
import wiki.fields.countries
import wiki.fields.time_zones
import wiki.kinds.companies
import wiki.pages.link_column
import wiki.pages.name_column
from eventstore.sqlfiles import run_sql_file

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    # They are gone; what other apps' migrations depend on, and databases remember, is this one.
    replaces = [
        ("wiki", "0001_initial"),
        ("wiki", "0002_search"),
        ("wiki", "0003_encyclopaedia"),
        ("wiki", "0004_search_follows_the_log"),
        ("wiki", "0005_called"),
        ("wiki", "0006_index_what_items_name"),
        ("wiki", "0007_index_more_orders"),
        ("wiki", "0008_figures_of_models"),
        ("wiki", "0009_words_of_choices"),
        ("wiki", "0010_find_links_faster"),
    ]

    initial = True

    dependencies = []

    operations = [
        run_sql_file(SQL / "links.sql", undo="DROP FUNCTION wiki_links"),
        run_sql_file(
            SQL / "called.sql",
            undo="DROP FUNCTION wiki_called(text, text, jsonb); DROP FUNCTION wiki_called(text);"
            " DROP FUNCTION wiki_letters",
        ),
        migrations.CreateModel(
            name="Article",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=versioning.entities.historical.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("version", models.IntegerField(default=0, editable=False)),
                ("on_branch", models.IntegerField(default=1, editable=False)),
                (
                    "slug",
                    models.SlugField(
                        help_text="The last part of the page's address: lower-case.",
                        max_length=120,
                        verbose_name="address",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "names",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, verbose_name="other names"
                    ),
                ),
                (
                    "body",
                    models.TextField(
                        blank=True,
                        help_text="What there is to tell, in Markdown.",
                        max_length=200000,
                    ),
                ),
                (
                    "called",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "links",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.link_column.LinksIn("body"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "citations",
                    versioning.fields.items.ItemsField(
                        blank=True,
                        default=list,
                        help_text="Where a fact comes from: its field, and the page of the source.",
                    ),
                ),
            ],
            options={
                "ordering": ("name", "id"),
                "indexes": [
                    models.Index(fields=["name", "id"], name="wiki_article_name"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["called"], name="wiki_article_called"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["links"], name="wiki_article_links"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("citations", []), _negated=True),
                        fields=["citations"],
                        name="wiki_article_citations",
                        opclasses=["jsonb_path_ops"],
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("slug",),
                        name="wiki_article_slug",
                        violation_error_message="Another page has this address already. Choose another one.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ArticleVersion",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entity_id",
                        "branch_number",
                        "valid_from",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("entity_id", models.UUIDField()),
                ("branch_number", models.IntegerField()),
                ("valid_from", models.BigIntegerField()),
                ("valid_to", models.BigIntegerField(default=9223372036854775807)),
                ("version", models.IntegerField()),
                ("deleted", models.BooleanField(default=False)),
                (
                    "slug",
                    models.SlugField(
                        db_index=False,
                        help_text="The last part of the page's address: lower-case.",
                        max_length=120,
                        verbose_name="address",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "names",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, verbose_name="other names"
                    ),
                ),
                (
                    "body",
                    models.TextField(
                        blank=True,
                        help_text="What there is to tell, in Markdown.",
                        max_length=200000,
                    ),
                ),
                (
                    "called",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "links",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.link_column.LinksIn("body"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "citations",
                    versioning.fields.items.ItemsField(
                        blank=True,
                        default=list,
                        help_text="Where a fact comes from: its field, and the page of the source.",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a article",
                "db_table": "wiki_articleversion",
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        fields=["branch_number", "valid_from"],
                        name="wiki_articl_branch__eced90_idx",
                    ),
                    models.Index(
                        fields=["slug", "branch_number", "valid_from"],
                        name="wiki_articl_slug_93c305_idx",
                    ),
                    models.Index(
                        fields=["name", "entity_id", "branch_number", "valid_from"],
                        name="wiki_articl_name_af4be7_idx",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["called"], name="wiki_article_called_v"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["links"], name="wiki_article_links_v"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("citations", []), _negated=True),
                        fields=["citations"],
                        name="wiki_article_citations_v",
                        opclasses=["jsonb_path_ops"],
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Company",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=versioning.entities.historical.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("version", models.IntegerField(default=0, editable=False)),
                ("on_branch", models.IntegerField(default=1, editable=False)),
                (
                    "slug",
                    models.SlugField(
                        help_text="The last part of the page's address: lower-case.",
                        max_length=120,
                        verbose_name="address",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "names",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, verbose_name="other names"
                    ),
                ),
                (
                    "body",
                    models.TextField(
                        blank=True,
                        help_text="What there is to tell, in Markdown.",
                        max_length=200000,
                    ),
                ),
                (
                    "called",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "links",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.link_column.LinksIn("body"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "citations",
                    versioning.fields.items.ItemsField(
                        blank=True,
                        default=list,
                        help_text="Where a fact comes from: its field, and the page of the source.",
                    ),
                ),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("manufacturer", "Manufacturer"),
                                ("designer", "Designer"),
                                ("operator", "Operator"),
                                ("owner", "Owner"),
                                ("contractor", "Contractor"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=wiki.kinds.companies.no_roles,
                    ),
                ),
                (
                    "founded",
                    versioning.fields.columns.PartialDateField(
                        blank=True, null=True, sort_column=False
                    ),
                ),
                (
                    "defunct",
                    versioning.fields.columns.PartialDateField(
                        blank=True, null=True, sort_column=False
                    ),
                ),
                ("headquarters", models.CharField(blank=True, max_length=200)),
                ("country", wiki.fields.countries.CountryField()),
                ("website", models.URLField(blank=True)),
                ("milestones", versioning.fields.items.ItemsField(blank=True, default=list)),
                (
                    "founded_from",
                    models.GeneratedField(
                        db_index=True,
                        db_persist=True,
                        expression=versioning.fields.sorting.FirstDay("founded"),
                        null=True,
                        output_field=models.DateField(),
                    ),
                ),
                (
                    "defunct_from",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.FirstDay("defunct"),
                        null=True,
                        output_field=models.DateField(),
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subsidiaries",
                        to="wiki.company",
                        verbose_name="part of",
                    ),
                ),
                (
                    "predecessors",
                    versioning.entities.references.References(
                        blank=True, related_name="successors", to="wiki.company"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "companies",
                "ordering": ("name", "id"),
                "indexes": [
                    models.Index(fields=["name", "id"], name="wiki_company_name"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["called"], name="wiki_company_called"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["links"], name="wiki_company_links"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("citations", []), _negated=True),
                        fields=["citations"],
                        name="wiki_company_citations",
                        opclasses=["jsonb_path_ops"],
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("slug",),
                        name="wiki_company_slug",
                        violation_error_message="Another page has this address already. Choose another one.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CompanypredecessorsVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("branch_number", models.IntegerField()),
                ("valid_from", models.BigIntegerField()),
                ("valid_to", models.BigIntegerField(default=9223372036854775807)),
                ("ordinal", models.IntegerField()),
                (
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="wiki.company",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="wiki.company",
                    ),
                ),
            ],
            options={
                "db_table": "wiki_company_predecessorsversion",
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        fields=["owner", "branch_number", "valid_from"],
                        name="wiki_compan_owner_i_03eaaf_idx",
                    ),
                    models.Index(
                        fields=["target", "branch_number", "valid_from"],
                        name="wiki_compan_target__de6e74_idx",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CompanyVersion",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entity_id",
                        "branch_number",
                        "valid_from",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("entity_id", models.UUIDField()),
                ("branch_number", models.IntegerField()),
                ("valid_from", models.BigIntegerField()),
                ("valid_to", models.BigIntegerField(default=9223372036854775807)),
                ("version", models.IntegerField()),
                ("deleted", models.BooleanField(default=False)),
                (
                    "slug",
                    models.SlugField(
                        db_index=False,
                        help_text="The last part of the page's address: lower-case.",
                        max_length=120,
                        verbose_name="address",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "names",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, verbose_name="other names"
                    ),
                ),
                (
                    "body",
                    models.TextField(
                        blank=True,
                        help_text="What there is to tell, in Markdown.",
                        max_length=200000,
                    ),
                ),
                (
                    "called",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "links",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.link_column.LinksIn("body"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "citations",
                    versioning.fields.items.ItemsField(
                        blank=True,
                        default=list,
                        help_text="Where a fact comes from: its field, and the page of the source.",
                    ),
                ),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("manufacturer", "Manufacturer"),
                                ("designer", "Designer"),
                                ("operator", "Operator"),
                                ("owner", "Owner"),
                                ("contractor", "Contractor"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=wiki.kinds.companies.no_roles,
                    ),
                ),
                (
                    "founded",
                    versioning.fields.columns.PartialDateField(
                        blank=True, null=True, sort_column=False
                    ),
                ),
                (
                    "defunct",
                    versioning.fields.columns.PartialDateField(
                        blank=True, null=True, sort_column=False
                    ),
                ),
                ("headquarters", models.CharField(blank=True, max_length=200)),
                ("country", wiki.fields.countries.CountryField()),
                ("website", models.URLField(blank=True)),
                ("milestones", versioning.fields.items.ItemsField(blank=True, default=list)),
                (
                    "founded_from",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.FirstDay("founded"),
                        null=True,
                        output_field=models.DateField(),
                    ),
                ),
                (
                    "defunct_from",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.FirstDay("defunct"),
                        null=True,
                        output_field=models.DateField(),
                    ),
                ),
                (
                    "predecessors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="wiki.company",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a company",
                "db_table": "wiki_companyversion",
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        fields=["branch_number", "valid_from"],
                        name="wiki_compan_branch__f9bbdd_idx",
                    ),
                    models.Index(
                        fields=["slug", "branch_number", "valid_from"],
                        name="wiki_compan_slug_11b9cf_idx",
                    ),
                    models.Index(
                        fields=["parent", "branch_number", "valid_from"],
                        name="wiki_compan_parent__012db2_idx",
                    ),
                    models.Index(
                        fields=["founded_from", "branch_number", "valid_from"],
                        name="wiki_compan_founded_e7eb0e_idx",
                    ),
                    models.Index(
                        fields=["name", "entity_id", "branch_number", "valid_from"],
                        name="wiki_compan_name_7c67f1_idx",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["called"], name="wiki_company_called_v"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["links"], name="wiki_company_links_v"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("citations", []), _negated=True),
                        fields=["citations"],
                        name="wiki_company_citations_v",
                        opclasses=["jsonb_path_ops"],
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Element",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=versioning.entities.historical.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("version", models.IntegerField(default=0, editable=False)),
                ("on_branch", models.IntegerField(default=1, editable=False)),
                (
                    "slug",
                    models.SlugField(
                        help_text="The last part of the page's address: lower-case.",
                        max_length=120,
                        verbose_name="address",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "names",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, verbose_name="other names"
                    ),
                ),
                (
                    "body",
                    models.TextField(
                        blank=True,
                        help_text="What there is to tell, in Markdown.",
                        max_length=200000,
                    ),
                ),
                (
                    "called",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "links",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.link_column.LinksIn("body"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "citations",
                    versioning.fields.items.ItemsField(
                        blank=True,
                        default=list,
                        help_text="Where a fact comes from: its field, and the page of the source.",
                    ),
                ),
                (
                    "inversions",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        db_index=True,
                        help_text="How often it turns its riders upside down.",
                        null=True,
                    ),
                ),
            ],
            options={
                "ordering": ("name", "id"),
                "indexes": [
                    models.Index(fields=["name", "id"], name="wiki_element_name"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["called"], name="wiki_element_called"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["links"], name="wiki_element_links"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("citations", []), _negated=True),
                        fields=["citations"],
                        name="wiki_element_citations",
                        opclasses=["jsonb_path_ops"],
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("slug",),
                        name="wiki_element_slug",
                        violation_error_message="Another page has this address already. Choose another one.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ElementVersion",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entity_id",
                        "branch_number",
                        "valid_from",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("entity_id", models.UUIDField()),
                ("branch_number", models.IntegerField()),
                ("valid_from", models.BigIntegerField()),
                ("valid_to", models.BigIntegerField(default=9223372036854775807)),
                ("version", models.IntegerField()),
                ("deleted", models.BooleanField(default=False)),
                (
                    "slug",
                    models.SlugField(
                        db_index=False,
                        help_text="The last part of the page's address: lower-case.",
                        max_length=120,
                        verbose_name="address",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "names",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, verbose_name="other names"
                    ),
                ),
                (
                    "body",
                    models.TextField(
                        blank=True,
                        help_text="What there is to tell, in Markdown.",
                        max_length=200000,
                    ),
                ),
                (
                    "called",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "links",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.link_column.LinksIn("body"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "citations",
                    versioning.fields.items.ItemsField(
                        blank=True,
                        default=list,
                        help_text="Where a fact comes from: its field, and the page of the source.",
                    ),
                ),
                (
                    "inversions",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="How often it turns its riders upside down.",
                        null=True,
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a element",
                "db_table": "wiki_elementversion",
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        fields=["branch_number", "valid_from"],
                        name="wiki_elemen_branch__e3b2eb_idx",
                    ),
                    models.Index(
                        fields=["slug", "branch_number", "valid_from"],
                        name="wiki_elemen_slug_33c8f8_idx",
                    ),
                    models.Index(
                        fields=["inversions", "branch_number", "valid_from"],
                        name="wiki_elemen_inversi_cb5ab4_idx",
                    ),
                    models.Index(
                        fields=["name", "entity_id", "branch_number", "valid_from"],
                        name="wiki_elemen_name_48b996_idx",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["called"], name="wiki_element_called_v"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["links"], name="wiki_element_links_v"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("citations", []), _negated=True),
                        fields=["citations"],
                        name="wiki_element_citations_v",
                        opclasses=["jsonb_path_ops"],
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Park",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=versioning.entities.historical.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("version", models.IntegerField(default=0, editable=False)),
                ("on_branch", models.IntegerField(default=1, editable=False)),
                (
                    "slug",
                    models.SlugField(
                        help_text="The last part of the page's address: lower-case.",
                        max_length=120,
                        verbose_name="address",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "names",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, verbose_name="other names"
                    ),
                ),
                (
                    "body",
                    models.TextField(
                        blank=True,
                        help_text="What there is to tell, in Markdown.",
                        max_length=200000,
                    ),
                ),
                (
                    "called",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "links",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.link_column.LinksIn("body"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "citations",
                    versioning.fields.items.ItemsField(
                        blank=True,
                        default=list,
                        help_text="Where a fact comes from: its field, and the page of the source.",
                    ),
                ),
                (
                    "sort",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("theme", "Theme park"),
                            ("amusement", "Amusement park"),
                            ("water", "Water park"),
                            ("family", "Family entertainment centre"),
                            ("fair", "Fair"),
                            ("zoo", "Zoo with rides"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("announced", "Announced"),
                            ("under-construction", "Under construction"),
                            ("operating", "Operating"),
                            ("closed-for-now", "Closed for now"),
                            ("closed", "Closed"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "opened",
                    versioning.fields.columns.PartialDateField(
                        blank=True, null=True, sort_column=False
                    ),
                ),
                (
                    "closed",
                    versioning.fields.columns.PartialDateField(
                        blank=True, null=True, sort_column=False
                    ),
                ),
                ("owners", versioning.fields.items.ItemsField(blank=True, default=list)),
                ("operators", versioning.fields.items.ItemsField(blank=True, default=list)),
                ("street", models.CharField(blank=True, max_length=200)),
                ("location", models.CharField(blank=True, max_length=200, verbose_name="town")),
                (
                    "region",
                    models.CharField(blank=True, max_length=200, verbose_name="state or region"),
                ),
                ("country", wiki.fields.countries.CountryField(db_index=True)),
                (
                    "time_zone",
                    models.CharField(
                        blank=True,
                        max_length=50,
                        validators=[wiki.fields.time_zones.check_time_zone],
                    ),
                ),
                ("coordinates", versioning.fields.columns.CoordinatesField(blank=True, null=True)),
                (
                    "area",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="ha"
                    ),
                ),
                ("seasons", versioning.fields.items.ItemsField(blank=True, default=list)),
                ("attendance", versioning.fields.items.ItemsField(blank=True, default=list)),
                ("slogan", models.CharField(blank=True, max_length=200)),
                ("website", models.URLField(blank=True)),
                ("milestones", versioning.fields.items.ItemsField(blank=True, default=list)),
                (
                    "opened_from",
                    models.GeneratedField(
                        db_index=True,
                        db_persist=True,
                        expression=versioning.fields.sorting.FirstDay("opened"),
                        null=True,
                        output_field=models.DateField(),
                    ),
                ),
                (
                    "closed_from",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.FirstDay("closed"),
                        null=True,
                        output_field=models.DateField(),
                    ),
                ),
                (
                    "area_si",
                    models.GeneratedField(
                        db_index=True,
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "area",
                            {
                                "acres": "4046.8564224",
                                "ha": "10000",
                                "km²": "1000000",
                                "m²": "1",
                                "sq ft": "0.09290304",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
            ],
            options={
                "ordering": ("name", "id"),
                "indexes": [
                    models.Index(fields=["name", "id"], name="wiki_park_name"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["called"], name="wiki_park_called"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["links"], name="wiki_park_links"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("owners", []), _negated=True),
                        fields=["owners"],
                        name="wiki_park_owners",
                        opclasses=["jsonb_path_ops"],
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("operators", []), _negated=True),
                        fields=["operators"],
                        name="wiki_park_operators",
                        opclasses=["jsonb_path_ops"],
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("citations", []), _negated=True),
                        fields=["citations"],
                        name="wiki_park_citations",
                        opclasses=["jsonb_path_ops"],
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("slug",),
                        name="wiki_park_slug",
                        violation_error_message="Another page has this address already. Choose another one.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ParkArea",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=versioning.entities.historical.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("version", models.IntegerField(default=0, editable=False)),
                ("on_branch", models.IntegerField(default=1, editable=False)),
                (
                    "slug",
                    models.SlugField(
                        help_text="The last part of the page's address: lower-case.",
                        max_length=120,
                        verbose_name="address",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "names",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, verbose_name="other names"
                    ),
                ),
                (
                    "body",
                    models.TextField(
                        blank=True,
                        help_text="What there is to tell, in Markdown.",
                        max_length=200000,
                    ),
                ),
                (
                    "called",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "links",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.link_column.LinksIn("body"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "citations",
                    versioning.fields.items.ItemsField(
                        blank=True,
                        default=list,
                        help_text="Where a fact comes from: its field, and the page of the source.",
                    ),
                ),
                ("theme", models.CharField(blank=True, max_length=200)),
                (
                    "opened",
                    versioning.fields.columns.PartialDateField(
                        blank=True, null=True, sort_column=False
                    ),
                ),
                (
                    "closed",
                    versioning.fields.columns.PartialDateField(
                        blank=True, null=True, sort_column=False
                    ),
                ),
                (
                    "opened_from",
                    models.GeneratedField(
                        db_index=True,
                        db_persist=True,
                        expression=versioning.fields.sorting.FirstDay("opened"),
                        null=True,
                        output_field=models.DateField(),
                    ),
                ),
                (
                    "closed_from",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.FirstDay("closed"),
                        null=True,
                        output_field=models.DateField(),
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="wiki.parkarea",
                        verbose_name="part of",
                    ),
                ),
                (
                    "park",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="areas",
                        to="wiki.park",
                    ),
                ),
            ],
            options={
                "verbose_name": "area",
                "ordering": ("name", "id"),
                "indexes": [
                    models.Index(fields=["name", "id"], name="wiki_parkarea_name"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["called"], name="wiki_parkarea_called"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["links"], name="wiki_parkarea_links"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("citations", []), _negated=True),
                        fields=["citations"],
                        name="wiki_parkarea_citations",
                        opclasses=["jsonb_path_ops"],
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("slug",),
                        name="wiki_parkarea_slug",
                        violation_error_message="Another page has this address already. Choose another one.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ParkAreaVersion",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entity_id",
                        "branch_number",
                        "valid_from",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("entity_id", models.UUIDField()),
                ("branch_number", models.IntegerField()),
                ("valid_from", models.BigIntegerField()),
                ("valid_to", models.BigIntegerField(default=9223372036854775807)),
                ("version", models.IntegerField()),
                ("deleted", models.BooleanField(default=False)),
                (
                    "slug",
                    models.SlugField(
                        db_index=False,
                        help_text="The last part of the page's address: lower-case.",
                        max_length=120,
                        verbose_name="address",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "names",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, verbose_name="other names"
                    ),
                ),
                (
                    "body",
                    models.TextField(
                        blank=True,
                        help_text="What there is to tell, in Markdown.",
                        max_length=200000,
                    ),
                ),
                (
                    "called",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "links",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.link_column.LinksIn("body"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "citations",
                    versioning.fields.items.ItemsField(
                        blank=True,
                        default=list,
                        help_text="Where a fact comes from: its field, and the page of the source.",
                    ),
                ),
                ("theme", models.CharField(blank=True, max_length=200)),
                (
                    "opened",
                    versioning.fields.columns.PartialDateField(
                        blank=True, null=True, sort_column=False
                    ),
                ),
                (
                    "closed",
                    versioning.fields.columns.PartialDateField(
                        blank=True, null=True, sort_column=False
                    ),
                ),
                (
                    "opened_from",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.FirstDay("opened"),
                        null=True,
                        output_field=models.DateField(),
                    ),
                ),
                (
                    "closed_from",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.FirstDay("closed"),
                        null=True,
                        output_field=models.DateField(),
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="wiki.parkarea",
                    ),
                ),
                (
                    "park",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="wiki.park",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a area",
                "db_table": "wiki_parkareaversion",
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        fields=["branch_number", "valid_from"],
                        name="wiki_parkar_branch__b7d97b_idx",
                    ),
                    models.Index(
                        fields=["slug", "branch_number", "valid_from"],
                        name="wiki_parkar_slug_00037a_idx",
                    ),
                    models.Index(
                        fields=["park", "branch_number", "valid_from"],
                        name="wiki_parkar_park_id_cb9906_idx",
                    ),
                    models.Index(
                        fields=["parent", "branch_number", "valid_from"],
                        name="wiki_parkar_parent__2eae31_idx",
                    ),
                    models.Index(
                        fields=["opened_from", "branch_number", "valid_from"],
                        name="wiki_parkar_opened__7eaa91_idx",
                    ),
                    models.Index(
                        fields=["name", "entity_id", "branch_number", "valid_from"],
                        name="wiki_parkar_name_4fa8aa_idx",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["called"], name="wiki_parkarea_called_v"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["links"], name="wiki_parkarea_links_v"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("citations", []), _negated=True),
                        fields=["citations"],
                        name="wiki_parkarea_citations_v",
                        opclasses=["jsonb_path_ops"],
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ParkVersion",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entity_id",
                        "branch_number",
                        "valid_from",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("entity_id", models.UUIDField()),
                ("branch_number", models.IntegerField()),
                ("valid_from", models.BigIntegerField()),
                ("valid_to", models.BigIntegerField(default=9223372036854775807)),
                ("version", models.IntegerField()),
                ("deleted", models.BooleanField(default=False)),
                (
                    "slug",
                    models.SlugField(
                        db_index=False,
                        help_text="The last part of the page's address: lower-case.",
                        max_length=120,
                        verbose_name="address",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "names",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, verbose_name="other names"
                    ),
                ),
                (
                    "body",
                    models.TextField(
                        blank=True,
                        help_text="What there is to tell, in Markdown.",
                        max_length=200000,
                    ),
                ),
                (
                    "called",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "links",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.link_column.LinksIn("body"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "citations",
                    versioning.fields.items.ItemsField(
                        blank=True,
                        default=list,
                        help_text="Where a fact comes from: its field, and the page of the source.",
                    ),
                ),
                (
                    "sort",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("theme", "Theme park"),
                            ("amusement", "Amusement park"),
                            ("water", "Water park"),
                            ("family", "Family entertainment centre"),
                            ("fair", "Fair"),
                            ("zoo", "Zoo with rides"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("announced", "Announced"),
                            ("under-construction", "Under construction"),
                            ("operating", "Operating"),
                            ("closed-for-now", "Closed for now"),
                            ("closed", "Closed"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "opened",
                    versioning.fields.columns.PartialDateField(
                        blank=True, null=True, sort_column=False
                    ),
                ),
                (
                    "closed",
                    versioning.fields.columns.PartialDateField(
                        blank=True, null=True, sort_column=False
                    ),
                ),
                ("owners", versioning.fields.items.ItemsField(blank=True, default=list)),
                ("operators", versioning.fields.items.ItemsField(blank=True, default=list)),
                ("street", models.CharField(blank=True, max_length=200)),
                ("location", models.CharField(blank=True, max_length=200, verbose_name="town")),
                (
                    "region",
                    models.CharField(blank=True, max_length=200, verbose_name="state or region"),
                ),
                ("country", wiki.fields.countries.CountryField()),
                (
                    "time_zone",
                    models.CharField(
                        blank=True,
                        max_length=50,
                        validators=[wiki.fields.time_zones.check_time_zone],
                    ),
                ),
                ("coordinates", versioning.fields.columns.CoordinatesField(blank=True, null=True)),
                (
                    "area",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="ha"
                    ),
                ),
                ("seasons", versioning.fields.items.ItemsField(blank=True, default=list)),
                ("attendance", versioning.fields.items.ItemsField(blank=True, default=list)),
                ("slogan", models.CharField(blank=True, max_length=200)),
                ("website", models.URLField(blank=True)),
                ("milestones", versioning.fields.items.ItemsField(blank=True, default=list)),
                (
                    "opened_from",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.FirstDay("opened"),
                        null=True,
                        output_field=models.DateField(),
                    ),
                ),
                (
                    "closed_from",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.FirstDay("closed"),
                        null=True,
                        output_field=models.DateField(),
                    ),
                ),
                (
                    "area_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "area",
                            {
                                "acres": "4046.8564224",
                                "ha": "10000",
                                "km²": "1000000",
                                "m²": "1",
                                "sq ft": "0.09290304",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a park",
                "db_table": "wiki_parkversion",
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        fields=["branch_number", "valid_from"],
                        name="wiki_parkve_branch__7fff9e_idx",
                    ),
                    models.Index(
                        fields=["slug", "branch_number", "valid_from"],
                        name="wiki_parkve_slug_a5b328_idx",
                    ),
                    models.Index(
                        fields=["country", "branch_number", "valid_from"],
                        name="wiki_parkve_country_918c4a_idx",
                    ),
                    models.Index(
                        fields=["opened_from", "branch_number", "valid_from"],
                        name="wiki_parkve_opened__774b8e_idx",
                    ),
                    models.Index(
                        fields=["area_si", "branch_number", "valid_from"],
                        name="wiki_parkve_area_si_f2b41a_idx",
                    ),
                    models.Index(
                        fields=["name", "entity_id", "branch_number", "valid_from"],
                        name="wiki_parkve_name_86e333_idx",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["called"], name="wiki_park_called_v"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["links"], name="wiki_park_links_v"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("owners", []), _negated=True),
                        fields=["owners"],
                        name="wiki_park_owners_v",
                        opclasses=["jsonb_path_ops"],
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("operators", []), _negated=True),
                        fields=["operators"],
                        name="wiki_park_operators_v",
                        opclasses=["jsonb_path_ops"],
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("citations", []), _negated=True),
                        fields=["citations"],
                        name="wiki_park_citations_v",
                        opclasses=["jsonb_path_ops"],
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=versioning.entities.historical.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("version", models.IntegerField(default=0, editable=False)),
                ("on_branch", models.IntegerField(default=1, editable=False)),
                (
                    "slug",
                    models.SlugField(
                        help_text="The last part of the page's address: lower-case.",
                        max_length=120,
                        verbose_name="address",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "names",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, verbose_name="other names"
                    ),
                ),
                (
                    "body",
                    models.TextField(
                        blank=True,
                        help_text="What there is to tell, in Markdown.",
                        max_length=200000,
                    ),
                ),
                (
                    "called",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "links",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.link_column.LinksIn("body"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "citations",
                    versioning.fields.items.ItemsField(
                        blank=True,
                        default=list,
                        help_text="Where a fact comes from: its field, and the page of the source.",
                    ),
                ),
                (
                    "professions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("designer", "Designer"),
                                ("engineer", "Engineer"),
                                ("founder", "Founder"),
                                ("other", "Other"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                    ),
                ),
                (
                    "born",
                    versioning.fields.columns.PartialDateField(
                        blank=True, null=True, sort_column=False
                    ),
                ),
                (
                    "died",
                    versioning.fields.columns.PartialDateField(
                        blank=True, null=True, sort_column=False
                    ),
                ),
                ("country", wiki.fields.countries.CountryField()),
                (
                    "companies",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, help_text="Whom they worked for."
                    ),
                ),
                (
                    "born_from",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.FirstDay("born"),
                        null=True,
                        output_field=models.DateField(),
                    ),
                ),
                (
                    "died_from",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.FirstDay("died"),
                        null=True,
                        output_field=models.DateField(),
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "people",
                "ordering": ("name", "id"),
                "indexes": [
                    models.Index(fields=["name", "id"], name="wiki_person_name"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["called"], name="wiki_person_called"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["links"], name="wiki_person_links"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("companies", []), _negated=True),
                        fields=["companies"],
                        name="wiki_person_companies",
                        opclasses=["jsonb_path_ops"],
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("citations", []), _negated=True),
                        fields=["citations"],
                        name="wiki_person_citations",
                        opclasses=["jsonb_path_ops"],
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("slug",),
                        name="wiki_person_slug",
                        violation_error_message="Another page has this address already. Choose another one.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonVersion",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entity_id",
                        "branch_number",
                        "valid_from",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("entity_id", models.UUIDField()),
                ("branch_number", models.IntegerField()),
                ("valid_from", models.BigIntegerField()),
                ("valid_to", models.BigIntegerField(default=9223372036854775807)),
                ("version", models.IntegerField()),
                ("deleted", models.BooleanField(default=False)),
                (
                    "slug",
                    models.SlugField(
                        db_index=False,
                        help_text="The last part of the page's address: lower-case.",
                        max_length=120,
                        verbose_name="address",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "names",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, verbose_name="other names"
                    ),
                ),
                (
                    "body",
                    models.TextField(
                        blank=True,
                        help_text="What there is to tell, in Markdown.",
                        max_length=200000,
                    ),
                ),
                (
                    "called",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "links",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.link_column.LinksIn("body"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "citations",
                    versioning.fields.items.ItemsField(
                        blank=True,
                        default=list,
                        help_text="Where a fact comes from: its field, and the page of the source.",
                    ),
                ),
                (
                    "professions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("designer", "Designer"),
                                ("engineer", "Engineer"),
                                ("founder", "Founder"),
                                ("other", "Other"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                    ),
                ),
                (
                    "born",
                    versioning.fields.columns.PartialDateField(
                        blank=True, null=True, sort_column=False
                    ),
                ),
                (
                    "died",
                    versioning.fields.columns.PartialDateField(
                        blank=True, null=True, sort_column=False
                    ),
                ),
                ("country", wiki.fields.countries.CountryField()),
                (
                    "companies",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, help_text="Whom they worked for."
                    ),
                ),
                (
                    "born_from",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.FirstDay("born"),
                        null=True,
                        output_field=models.DateField(),
                    ),
                ),
                (
                    "died_from",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.FirstDay("died"),
                        null=True,
                        output_field=models.DateField(),
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a person",
                "db_table": "wiki_personversion",
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        fields=["branch_number", "valid_from"],
                        name="wiki_person_branch__70eac6_idx",
                    ),
                    models.Index(
                        fields=["slug", "branch_number", "valid_from"],
                        name="wiki_person_slug_a856c7_idx",
                    ),
                    models.Index(
                        fields=["name", "entity_id", "branch_number", "valid_from"],
                        name="wiki_person_name_aaa94b_idx",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["called"], name="wiki_person_called_v"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["links"], name="wiki_person_links_v"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("companies", []), _negated=True),
                        fields=["companies"],
                        name="wiki_person_companies_v",
                        opclasses=["jsonb_path_ops"],
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("citations", []), _negated=True),
                        fields=["citations"],
                        name="wiki_person_citations_v",
                        opclasses=["jsonb_path_ops"],
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ride",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=versioning.entities.historical.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("version", models.IntegerField(default=0, editable=False)),
                ("on_branch", models.IntegerField(default=1, editable=False)),
                (
                    "slug",
                    models.SlugField(
                        help_text="The last part of the page's address: lower-case.",
                        max_length=120,
                        verbose_name="address",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "names",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, verbose_name="other names"
                    ),
                ),
                (
                    "body",
                    models.TextField(
                        blank=True,
                        help_text="What there is to tell, in Markdown.",
                        max_length=200000,
                    ),
                ),
                (
                    "called",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "links",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.link_column.LinksIn("body"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "citations",
                    versioning.fields.items.ItemsField(
                        blank=True,
                        default=list,
                        help_text="Where a fact comes from: its field, and the page of the source.",
                    ),
                ),
                (
                    "height",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="m"
                    ),
                ),
                (
                    "drop",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="m"
                    ),
                ),
                (
                    "length",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="m"
                    ),
                ),
                (
                    "speed",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="km/h"
                    ),
                ),
                (
                    "duration",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="s"
                    ),
                ),
                (
                    "capacity",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="riders/h"
                    ),
                ),
                (
                    "material",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("steel", "Steel"),
                            ("wood", "Wood"),
                            ("hybrid", "Hybrid"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "seating",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("sit-down", "Sit-down"),
                            ("inverted", "Inverted"),
                            ("suspended", "Suspended"),
                            ("floorless", "Floorless"),
                            ("wing", "Wing"),
                            ("flying", "Flying"),
                            ("stand-up", "Stand-up"),
                            ("spinning", "Spinning"),
                            ("4d", "4th dimension"),
                            ("bobsled", "Bobsled"),
                            ("pipeline", "Pipeline"),
                            ("single-rail", "Single rail"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                    ),
                ),
                ("layout", models.CharField(blank=True, max_length=200)),
                (
                    "launches",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, verbose_name="lift or launch"
                    ),
                ),
                ("inversions", models.PositiveIntegerField(blank=True, db_index=True, null=True)),
                (
                    "vertical_angle",
                    versioning.fields.columns.QuantityField(
                        blank=True,
                        null=True,
                        sort_column=False,
                        unit="°",
                        verbose_name="steepest drop",
                    ),
                ),
                (
                    "g_force",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="g", verbose_name="g-force"
                    ),
                ),
                ("acceleration", models.CharField(blank=True, max_length=200)),
                ("tracks", versioning.fields.items.ItemsField(blank=True, default=list)),
                (
                    "train_count",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="trains"),
                ),
                (
                    "cars",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="cars a train"
                    ),
                ),
                (
                    "rows",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="rows a car"
                    ),
                ),
                (
                    "seats",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="seats a row"
                    ),
                ),
                (
                    "trains",
                    models.CharField(blank=True, max_length=200, verbose_name="about the trains"),
                ),
                ("restraints", models.CharField(blank=True, max_length=200)),
                (
                    "splash",
                    models.CharField(
                        blank=True,
                        help_text="How wet, and by what: a drop, a wave, guns.",
                        max_length=100,
                    ),
                ),
                ("boats", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("seats_a_boat", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "system",
                    models.CharField(blank=True, max_length=200, verbose_name="ride system"),
                ),
                ("vehicles", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("seats_a_vehicle", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("scenes", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("trackless", models.BooleanField(blank=True, null=True)),
                (
                    "motion",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("rotating", "Rotating"),
                            ("swinging", "Swinging"),
                            ("pendulum", "Pendulum"),
                            ("dropping", "Dropping"),
                            ("free-fall", "Free fall"),
                            ("observation", "Observation"),
                            ("mixed", "Mixed"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "swing_angle",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="°"
                    ),
                ),
                ("gondolas", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("seats_a_gondola", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("stations", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "line_length",
                    versioning.fields.columns.QuantityField(
                        blank=True,
                        null=True,
                        sort_column=False,
                        unit="km",
                        verbose_name="length of the line",
                    ),
                ),
                (
                    "gauge",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="mm"
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("roller-coaster", "Roller coaster"),
                            ("water", "Water ride"),
                            ("dark", "Dark ride"),
                            ("flat", "Flat ride"),
                            ("transport", "Transport"),
                            ("show", "Show"),
                            ("playground", "Playground"),
                            ("walkthrough", "Walkthrough"),
                            ("other", "Other"),
                        ],
                        default="roller-coaster",
                        max_length=20,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("announced", "Announced"),
                            ("planned", "Planned"),
                            ("under-construction", "Under construction"),
                            ("operating", "Operating"),
                            ("closed-for-now", "Closed for now"),
                            ("standing", "Standing but not operating"),
                            ("closed", "Closed"),
                            ("relocated", "Relocated"),
                            ("removed", "Removed"),
                            ("unknown", "Unknown"),
                        ],
                        default="unknown",
                        max_length=20,
                    ),
                ),
                (
                    "statuses",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, verbose_name="earlier statuses"
                    ),
                ),
                (
                    "opened",
                    versioning.fields.columns.PartialDateField(
                        blank=True, null=True, sort_column=False
                    ),
                ),
                (
                    "soft_opened",
                    versioning.fields.columns.PartialDateField(
                        blank=True, null=True, sort_column=False, verbose_name="soft opening"
                    ),
                ),
                (
                    "closed",
                    versioning.fields.columns.PartialDateField(
                        blank=True, null=True, sort_column=False
                    ),
                ),
                ("theme", models.CharField(blank=True, max_length=200)),
                (
                    "building_cost",
                    versioning.fields.columns.MoneyField(
                        blank=True, null=True, verbose_name="cost"
                    ),
                ),
                (
                    "replaces",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, verbose_name="built in place of"
                    ),
                ),
                (
                    "replaced_with",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, verbose_name="made way for"
                    ),
                ),
                (
                    "rider_height",
                    versioning.fields.columns.QuantityField(
                        blank=True,
                        null=True,
                        sort_column=False,
                        unit="cm",
                        verbose_name="rider height",
                    ),
                ),
                (
                    "rider_height_accompanied",
                    versioning.fields.columns.QuantityField(
                        blank=True,
                        null=True,
                        sort_column=False,
                        unit="cm",
                        verbose_name="rider height, accompanied",
                    ),
                ),
                (
                    "queue_pass",
                    models.CharField(blank=True, max_length=100, verbose_name="fast pass"),
                ),
                (
                    "single_riders",
                    models.BooleanField(
                        blank=True, null=True, verbose_name="line for single riders"
                    ),
                ),
                ("virtual_queue", models.BooleanField(blank=True, null=True)),
                (
                    "wheelchair_transfer",
                    models.BooleanField(
                        blank=True, null=True, verbose_name="riders must leave their wheelchair"
                    ),
                ),
                ("accessibility", models.CharField(blank=True, max_length=300)),
                ("coordinates", versioning.fields.columns.CoordinatesField(blank=True, null=True)),
                ("milestones", versioning.fields.items.ItemsField(blank=True, default=list)),
                (
                    "opened_from",
                    models.GeneratedField(
                        db_index=True,
                        db_persist=True,
                        expression=versioning.fields.sorting.FirstDay("opened"),
                        null=True,
                        output_field=models.DateField(),
                    ),
                ),
                (
                    "soft_opened_from",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.FirstDay("soft_opened"),
                        null=True,
                        output_field=models.DateField(),
                    ),
                ),
                (
                    "closed_from",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.FirstDay("closed"),
                        null=True,
                        output_field=models.DateField(),
                    ),
                ),
                (
                    "rider_height_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "rider_height",
                            {
                                "cm": "0.01",
                                "ft": "0.3048",
                                "in": "0.0254",
                                "km": "1000",
                                "m": "1",
                                "mi": "1609.344",
                                "mm": "0.001",
                                "yd": "0.9144",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "rider_height_accompanied_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "rider_height_accompanied",
                            {
                                "cm": "0.01",
                                "ft": "0.3048",
                                "in": "0.0254",
                                "km": "1000",
                                "m": "1",
                                "mi": "1609.344",
                                "mm": "0.001",
                                "yd": "0.9144",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "height_si",
                    models.GeneratedField(
                        db_index=True,
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "height",
                            {
                                "cm": "0.01",
                                "ft": "0.3048",
                                "in": "0.0254",
                                "km": "1000",
                                "m": "1",
                                "mi": "1609.344",
                                "mm": "0.001",
                                "yd": "0.9144",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "drop_si",
                    models.GeneratedField(
                        db_index=True,
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "drop",
                            {
                                "cm": "0.01",
                                "ft": "0.3048",
                                "in": "0.0254",
                                "km": "1000",
                                "m": "1",
                                "mi": "1609.344",
                                "mm": "0.001",
                                "yd": "0.9144",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "length_si",
                    models.GeneratedField(
                        db_index=True,
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "length",
                            {
                                "cm": "0.01",
                                "ft": "0.3048",
                                "in": "0.0254",
                                "km": "1000",
                                "m": "1",
                                "mi": "1609.344",
                                "mm": "0.001",
                                "yd": "0.9144",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "speed_si",
                    models.GeneratedField(
                        db_index=True,
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "speed",
                            {
                                "km/h": "0.2777777777777777777777777778",
                                "m/s": "1",
                                "mph": "0.44704",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "duration_si",
                    models.GeneratedField(
                        db_index=True,
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "duration", {"h": "3600", "min": "60", "s": "1"}
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "capacity_si",
                    models.GeneratedField(
                        db_index=True,
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "capacity", {"riders/h": "1"}
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "vertical_angle_si",
                    models.GeneratedField(
                        db_index=True,
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "vertical_angle", {"°": "1"}
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "g_force_si",
                    models.GeneratedField(
                        db_index=True,
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit("g_force", {"g": "1"}),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "swing_angle_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit("swing_angle", {"°": "1"}),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "line_length_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "line_length",
                            {
                                "cm": "0.01",
                                "ft": "0.3048",
                                "in": "0.0254",
                                "km": "1000",
                                "m": "1",
                                "mi": "1609.344",
                                "mm": "0.001",
                                "yd": "0.9144",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "gauge_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "gauge",
                            {
                                "cm": "0.01",
                                "ft": "0.3048",
                                "in": "0.0254",
                                "km": "1000",
                                "m": "1",
                                "mi": "1609.344",
                                "mm": "0.001",
                                "yd": "0.9144",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rides",
                        to="wiki.parkarea",
                    ),
                ),
                (
                    "designers",
                    versioning.entities.references.References(
                        blank=True,
                        related_name="designed",
                        to="wiki.company",
                        verbose_name="design firms",
                    ),
                ),
                (
                    "manufacturer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="built",
                        to="wiki.company",
                    ),
                ),
                (
                    "moved_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moved_on",
                        to="wiki.ride",
                    ),
                ),
                (
                    "other_makers",
                    versioning.entities.references.References(
                        blank=True, related_name="also_built", to="wiki.company"
                    ),
                ),
                (
                    "park",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rides",
                        to="wiki.park",
                    ),
                ),
                (
                    "people",
                    versioning.entities.references.References(
                        blank=True,
                        related_name="rides_designed",
                        to="wiki.person",
                        verbose_name="designed by",
                    ),
                ),
            ],
            options={
                "ordering": ("name", "id"),
                "indexes": [
                    models.Index(fields=["name", "id"], name="wiki_ride_name"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["called"], name="wiki_ride_called"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["links"], name="wiki_ride_links"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("replaces", []), _negated=True),
                        fields=["replaces"],
                        name="wiki_ride_replaces",
                        opclasses=["jsonb_path_ops"],
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("replaced_with", []), _negated=True),
                        fields=["replaced_with"],
                        name="wiki_ride_replaced_with",
                        opclasses=["jsonb_path_ops"],
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("citations", []), _negated=True),
                        fields=["citations"],
                        name="wiki_ride_citations",
                        opclasses=["jsonb_path_ops"],
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("tracks", []), _negated=True),
                        fields=["tracks"],
                        name="wiki_ride_tracks",
                        opclasses=["jsonb_path_ops"],
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("slug",),
                        name="wiki_ride_slug",
                        violation_error_message="Another page has this address already. Choose another one.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RidedesignersVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("branch_number", models.IntegerField()),
                ("valid_from", models.BigIntegerField()),
                ("valid_to", models.BigIntegerField(default=9223372036854775807)),
                ("ordinal", models.IntegerField()),
                (
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="wiki.ride",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="wiki.company",
                    ),
                ),
            ],
            options={
                "db_table": "wiki_ride_designersversion",
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        fields=["owner", "branch_number", "valid_from"],
                        name="wiki_ride_d_owner_i_c3a4b9_idx",
                    ),
                    models.Index(
                        fields=["target", "branch_number", "valid_from"],
                        name="wiki_ride_d_target__25890b_idx",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RideModel",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=versioning.entities.historical.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("version", models.IntegerField(default=0, editable=False)),
                ("on_branch", models.IntegerField(default=1, editable=False)),
                (
                    "slug",
                    models.SlugField(
                        help_text="The last part of the page's address: lower-case.",
                        max_length=120,
                        verbose_name="address",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "names",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, verbose_name="other names"
                    ),
                ),
                (
                    "body",
                    models.TextField(
                        blank=True,
                        help_text="What there is to tell, in Markdown.",
                        max_length=200000,
                    ),
                ),
                (
                    "called",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "links",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.link_column.LinksIn("body"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "citations",
                    versioning.fields.items.ItemsField(
                        blank=True,
                        default=list,
                        help_text="Where a fact comes from: its field, and the page of the source.",
                    ),
                ),
                (
                    "height",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="m"
                    ),
                ),
                (
                    "drop",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="m"
                    ),
                ),
                (
                    "length",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="m"
                    ),
                ),
                (
                    "speed",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="km/h"
                    ),
                ),
                (
                    "duration",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="s"
                    ),
                ),
                (
                    "capacity",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="riders/h"
                    ),
                ),
                (
                    "material",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("steel", "Steel"),
                            ("wood", "Wood"),
                            ("hybrid", "Hybrid"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "seating",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("sit-down", "Sit-down"),
                            ("inverted", "Inverted"),
                            ("suspended", "Suspended"),
                            ("floorless", "Floorless"),
                            ("wing", "Wing"),
                            ("flying", "Flying"),
                            ("stand-up", "Stand-up"),
                            ("spinning", "Spinning"),
                            ("4d", "4th dimension"),
                            ("bobsled", "Bobsled"),
                            ("pipeline", "Pipeline"),
                            ("single-rail", "Single rail"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                    ),
                ),
                ("layout", models.CharField(blank=True, max_length=200)),
                (
                    "launches",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, verbose_name="lift or launch"
                    ),
                ),
                ("inversions", models.PositiveIntegerField(blank=True, db_index=True, null=True)),
                (
                    "vertical_angle",
                    versioning.fields.columns.QuantityField(
                        blank=True,
                        null=True,
                        sort_column=False,
                        unit="°",
                        verbose_name="steepest drop",
                    ),
                ),
                (
                    "g_force",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="g", verbose_name="g-force"
                    ),
                ),
                ("acceleration", models.CharField(blank=True, max_length=200)),
                ("tracks", versioning.fields.items.ItemsField(blank=True, default=list)),
                (
                    "train_count",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="trains"),
                ),
                (
                    "cars",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="cars a train"
                    ),
                ),
                (
                    "rows",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="rows a car"
                    ),
                ),
                (
                    "seats",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="seats a row"
                    ),
                ),
                (
                    "trains",
                    models.CharField(blank=True, max_length=200, verbose_name="about the trains"),
                ),
                ("restraints", models.CharField(blank=True, max_length=200)),
                (
                    "splash",
                    models.CharField(
                        blank=True,
                        help_text="How wet, and by what: a drop, a wave, guns.",
                        max_length=100,
                    ),
                ),
                ("boats", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("seats_a_boat", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "system",
                    models.CharField(blank=True, max_length=200, verbose_name="ride system"),
                ),
                ("vehicles", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("seats_a_vehicle", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("scenes", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("trackless", models.BooleanField(blank=True, null=True)),
                (
                    "motion",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("rotating", "Rotating"),
                            ("swinging", "Swinging"),
                            ("pendulum", "Pendulum"),
                            ("dropping", "Dropping"),
                            ("free-fall", "Free fall"),
                            ("observation", "Observation"),
                            ("mixed", "Mixed"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "swing_angle",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="°"
                    ),
                ),
                ("gondolas", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("seats_a_gondola", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("stations", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "line_length",
                    versioning.fields.columns.QuantityField(
                        blank=True,
                        null=True,
                        sort_column=False,
                        unit="km",
                        verbose_name="length of the line",
                    ),
                ),
                (
                    "gauge",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="mm"
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("roller-coaster", "Roller coaster"),
                            ("water", "Water ride"),
                            ("dark", "Dark ride"),
                            ("flat", "Flat ride"),
                            ("transport", "Transport"),
                            ("show", "Show"),
                            ("playground", "Playground"),
                            ("walkthrough", "Walkthrough"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "height_si",
                    models.GeneratedField(
                        db_index=True,
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "height",
                            {
                                "cm": "0.01",
                                "ft": "0.3048",
                                "in": "0.0254",
                                "km": "1000",
                                "m": "1",
                                "mi": "1609.344",
                                "mm": "0.001",
                                "yd": "0.9144",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "drop_si",
                    models.GeneratedField(
                        db_index=True,
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "drop",
                            {
                                "cm": "0.01",
                                "ft": "0.3048",
                                "in": "0.0254",
                                "km": "1000",
                                "m": "1",
                                "mi": "1609.344",
                                "mm": "0.001",
                                "yd": "0.9144",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "length_si",
                    models.GeneratedField(
                        db_index=True,
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "length",
                            {
                                "cm": "0.01",
                                "ft": "0.3048",
                                "in": "0.0254",
                                "km": "1000",
                                "m": "1",
                                "mi": "1609.344",
                                "mm": "0.001",
                                "yd": "0.9144",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "speed_si",
                    models.GeneratedField(
                        db_index=True,
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "speed",
                            {
                                "km/h": "0.2777777777777777777777777778",
                                "m/s": "1",
                                "mph": "0.44704",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "duration_si",
                    models.GeneratedField(
                        db_index=True,
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "duration", {"h": "3600", "min": "60", "s": "1"}
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "capacity_si",
                    models.GeneratedField(
                        db_index=True,
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "capacity", {"riders/h": "1"}
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "vertical_angle_si",
                    models.GeneratedField(
                        db_index=True,
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "vertical_angle", {"°": "1"}
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "g_force_si",
                    models.GeneratedField(
                        db_index=True,
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit("g_force", {"g": "1"}),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "swing_angle_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit("swing_angle", {"°": "1"}),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "line_length_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "line_length",
                            {
                                "cm": "0.01",
                                "ft": "0.3048",
                                "in": "0.0254",
                                "km": "1000",
                                "m": "1",
                                "mi": "1609.344",
                                "mm": "0.001",
                                "yd": "0.9144",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "gauge_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "gauge",
                            {
                                "cm": "0.01",
                                "ft": "0.3048",
                                "in": "0.0254",
                                "km": "1000",
                                "m": "1",
                                "mi": "1609.344",
                                "mm": "0.001",
                                "yd": "0.9144",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "manufacturer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ride_models",
                        to="wiki.company",
                    ),
                ),
            ],
            options={
                "verbose_name": "model",
                "ordering": ("name", "id"),
                "indexes": [
                    models.Index(fields=["name", "id"], name="wiki_ridemodel_name"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["called"], name="wiki_ridemodel_called"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["links"], name="wiki_ridemodel_links"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("citations", []), _negated=True),
                        fields=["citations"],
                        name="wiki_ridemodel_citations",
                        opclasses=["jsonb_path_ops"],
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("tracks", []), _negated=True),
                        fields=["tracks"],
                        name="wiki_ridemodel_tracks",
                        opclasses=["jsonb_path_ops"],
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("slug",),
                        name="wiki_ridemodel_slug",
                        violation_error_message="Another page has this address already. Choose another one.",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="ride",
            name="model",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rides",
                to="wiki.ridemodel",
            ),
        ),
        migrations.CreateModel(
            name="RideModelVersion",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entity_id",
                        "branch_number",
                        "valid_from",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("entity_id", models.UUIDField()),
                ("branch_number", models.IntegerField()),
                ("valid_from", models.BigIntegerField()),
                ("valid_to", models.BigIntegerField(default=9223372036854775807)),
                ("version", models.IntegerField()),
                ("deleted", models.BooleanField(default=False)),
                (
                    "slug",
                    models.SlugField(
                        db_index=False,
                        help_text="The last part of the page's address: lower-case.",
                        max_length=120,
                        verbose_name="address",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "names",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, verbose_name="other names"
                    ),
                ),
                (
                    "body",
                    models.TextField(
                        blank=True,
                        help_text="What there is to tell, in Markdown.",
                        max_length=200000,
                    ),
                ),
                (
                    "called",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "links",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.link_column.LinksIn("body"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "citations",
                    versioning.fields.items.ItemsField(
                        blank=True,
                        default=list,
                        help_text="Where a fact comes from: its field, and the page of the source.",
                    ),
                ),
                (
                    "height",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="m"
                    ),
                ),
                (
                    "drop",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="m"
                    ),
                ),
                (
                    "length",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="m"
                    ),
                ),
                (
                    "speed",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="km/h"
                    ),
                ),
                (
                    "duration",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="s"
                    ),
                ),
                (
                    "capacity",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="riders/h"
                    ),
                ),
                (
                    "material",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("steel", "Steel"),
                            ("wood", "Wood"),
                            ("hybrid", "Hybrid"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "seating",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("sit-down", "Sit-down"),
                            ("inverted", "Inverted"),
                            ("suspended", "Suspended"),
                            ("floorless", "Floorless"),
                            ("wing", "Wing"),
                            ("flying", "Flying"),
                            ("stand-up", "Stand-up"),
                            ("spinning", "Spinning"),
                            ("4d", "4th dimension"),
                            ("bobsled", "Bobsled"),
                            ("pipeline", "Pipeline"),
                            ("single-rail", "Single rail"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                    ),
                ),
                ("layout", models.CharField(blank=True, max_length=200)),
                (
                    "launches",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, verbose_name="lift or launch"
                    ),
                ),
                ("inversions", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "vertical_angle",
                    versioning.fields.columns.QuantityField(
                        blank=True,
                        null=True,
                        sort_column=False,
                        unit="°",
                        verbose_name="steepest drop",
                    ),
                ),
                (
                    "g_force",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="g", verbose_name="g-force"
                    ),
                ),
                ("acceleration", models.CharField(blank=True, max_length=200)),
                ("tracks", versioning.fields.items.ItemsField(blank=True, default=list)),
                (
                    "train_count",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="trains"),
                ),
                (
                    "cars",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="cars a train"
                    ),
                ),
                (
                    "rows",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="rows a car"
                    ),
                ),
                (
                    "seats",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="seats a row"
                    ),
                ),
                (
                    "trains",
                    models.CharField(blank=True, max_length=200, verbose_name="about the trains"),
                ),
                ("restraints", models.CharField(blank=True, max_length=200)),
                (
                    "splash",
                    models.CharField(
                        blank=True,
                        help_text="How wet, and by what: a drop, a wave, guns.",
                        max_length=100,
                    ),
                ),
                ("boats", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("seats_a_boat", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "system",
                    models.CharField(blank=True, max_length=200, verbose_name="ride system"),
                ),
                ("vehicles", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("seats_a_vehicle", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("scenes", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("trackless", models.BooleanField(blank=True, null=True)),
                (
                    "motion",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("rotating", "Rotating"),
                            ("swinging", "Swinging"),
                            ("pendulum", "Pendulum"),
                            ("dropping", "Dropping"),
                            ("free-fall", "Free fall"),
                            ("observation", "Observation"),
                            ("mixed", "Mixed"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "swing_angle",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="°"
                    ),
                ),
                ("gondolas", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("seats_a_gondola", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("stations", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "line_length",
                    versioning.fields.columns.QuantityField(
                        blank=True,
                        null=True,
                        sort_column=False,
                        unit="km",
                        verbose_name="length of the line",
                    ),
                ),
                (
                    "gauge",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="mm"
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("roller-coaster", "Roller coaster"),
                            ("water", "Water ride"),
                            ("dark", "Dark ride"),
                            ("flat", "Flat ride"),
                            ("transport", "Transport"),
                            ("show", "Show"),
                            ("playground", "Playground"),
                            ("walkthrough", "Walkthrough"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "height_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "height",
                            {
                                "cm": "0.01",
                                "ft": "0.3048",
                                "in": "0.0254",
                                "km": "1000",
                                "m": "1",
                                "mi": "1609.344",
                                "mm": "0.001",
                                "yd": "0.9144",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "drop_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "drop",
                            {
                                "cm": "0.01",
                                "ft": "0.3048",
                                "in": "0.0254",
                                "km": "1000",
                                "m": "1",
                                "mi": "1609.344",
                                "mm": "0.001",
                                "yd": "0.9144",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "length_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "length",
                            {
                                "cm": "0.01",
                                "ft": "0.3048",
                                "in": "0.0254",
                                "km": "1000",
                                "m": "1",
                                "mi": "1609.344",
                                "mm": "0.001",
                                "yd": "0.9144",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "speed_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "speed",
                            {
                                "km/h": "0.2777777777777777777777777778",
                                "m/s": "1",
                                "mph": "0.44704",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "duration_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "duration", {"h": "3600", "min": "60", "s": "1"}
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "capacity_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "capacity", {"riders/h": "1"}
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "vertical_angle_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "vertical_angle", {"°": "1"}
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "g_force_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit("g_force", {"g": "1"}),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "swing_angle_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit("swing_angle", {"°": "1"}),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "line_length_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "line_length",
                            {
                                "cm": "0.01",
                                "ft": "0.3048",
                                "in": "0.0254",
                                "km": "1000",
                                "m": "1",
                                "mi": "1609.344",
                                "mm": "0.001",
                                "yd": "0.9144",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "gauge_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "gauge",
                            {
                                "cm": "0.01",
                                "ft": "0.3048",
                                "in": "0.0254",
                                "km": "1000",
                                "m": "1",
                                "mi": "1609.344",
                                "mm": "0.001",
                                "yd": "0.9144",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "manufacturer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="wiki.company",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a model",
                "db_table": "wiki_ridemodelversion",
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        fields=["branch_number", "valid_from"],
                        name="wiki_ridemo_branch__e48d00_idx",
                    ),
                    models.Index(
                        fields=["slug", "branch_number", "valid_from"],
                        name="wiki_ridemo_slug_f257a5_idx",
                    ),
                    models.Index(
                        fields=["inversions", "branch_number", "valid_from"],
                        name="wiki_ridemo_inversi_5476f7_idx",
                    ),
                    models.Index(
                        fields=["manufacturer", "branch_number", "valid_from"],
                        name="wiki_ridemo_manufac_2e9485_idx",
                    ),
                    models.Index(
                        fields=["height_si", "branch_number", "valid_from"],
                        name="wiki_ridemo_height__d494bb_idx",
                    ),
                    models.Index(
                        fields=["drop_si", "branch_number", "valid_from"],
                        name="wiki_ridemo_drop_si_a95153_idx",
                    ),
                    models.Index(
                        fields=["length_si", "branch_number", "valid_from"],
                        name="wiki_ridemo_length__8a54bf_idx",
                    ),
                    models.Index(
                        fields=["speed_si", "branch_number", "valid_from"],
                        name="wiki_ridemo_speed_s_f01287_idx",
                    ),
                    models.Index(
                        fields=["duration_si", "branch_number", "valid_from"],
                        name="wiki_ridemo_duratio_d64cdf_idx",
                    ),
                    models.Index(
                        fields=["capacity_si", "branch_number", "valid_from"],
                        name="wiki_ridemo_capacit_1e4e0d_idx",
                    ),
                    models.Index(
                        fields=["vertical_angle_si", "branch_number", "valid_from"],
                        name="wiki_ridemo_vertica_d04ff9_idx",
                    ),
                    models.Index(
                        fields=["g_force_si", "branch_number", "valid_from"],
                        name="wiki_ridemo_g_force_acd4cf_idx",
                    ),
                    models.Index(
                        fields=["name", "entity_id", "branch_number", "valid_from"],
                        name="wiki_ridemo_name_54e95c_idx",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["called"], name="wiki_ridemodel_called_v"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["links"], name="wiki_ridemodel_links_v"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("citations", []), _negated=True),
                        fields=["citations"],
                        name="wiki_ridemodel_citations_v",
                        opclasses=["jsonb_path_ops"],
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("tracks", []), _negated=True),
                        fields=["tracks"],
                        name="wiki_ridemodel_tracks_v",
                        opclasses=["jsonb_path_ops"],
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RideothermakersVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("branch_number", models.IntegerField()),
                ("valid_from", models.BigIntegerField()),
                ("valid_to", models.BigIntegerField(default=9223372036854775807)),
                ("ordinal", models.IntegerField()),
                (
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="wiki.ride",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="wiki.company",
                    ),
                ),
            ],
            options={
                "db_table": "wiki_ride_other_makersversion",
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        fields=["owner", "branch_number", "valid_from"],
                        name="wiki_ride_o_owner_i_c2d8e8_idx",
                    ),
                    models.Index(
                        fields=["target", "branch_number", "valid_from"],
                        name="wiki_ride_o_target__e9be02_idx",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RidepeopleVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("branch_number", models.IntegerField()),
                ("valid_from", models.BigIntegerField()),
                ("valid_to", models.BigIntegerField(default=9223372036854775807)),
                ("ordinal", models.IntegerField()),
                (
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="wiki.ride",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="wiki.person",
                    ),
                ),
            ],
            options={
                "db_table": "wiki_ride_peopleversion",
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        fields=["owner", "branch_number", "valid_from"],
                        name="wiki_ride_p_owner_i_490dba_idx",
                    ),
                    models.Index(
                        fields=["target", "branch_number", "valid_from"],
                        name="wiki_ride_p_target__90af59_idx",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RideVersion",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entity_id",
                        "branch_number",
                        "valid_from",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("entity_id", models.UUIDField()),
                ("branch_number", models.IntegerField()),
                ("valid_from", models.BigIntegerField()),
                ("valid_to", models.BigIntegerField(default=9223372036854775807)),
                ("version", models.IntegerField()),
                ("deleted", models.BooleanField(default=False)),
                (
                    "slug",
                    models.SlugField(
                        db_index=False,
                        help_text="The last part of the page's address: lower-case.",
                        max_length=120,
                        verbose_name="address",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "names",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, verbose_name="other names"
                    ),
                ),
                (
                    "body",
                    models.TextField(
                        blank=True,
                        help_text="What there is to tell, in Markdown.",
                        max_length=200000,
                    ),
                ),
                (
                    "called",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "links",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.link_column.LinksIn("body"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "citations",
                    versioning.fields.items.ItemsField(
                        blank=True,
                        default=list,
                        help_text="Where a fact comes from: its field, and the page of the source.",
                    ),
                ),
                (
                    "height",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="m"
                    ),
                ),
                (
                    "drop",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="m"
                    ),
                ),
                (
                    "length",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="m"
                    ),
                ),
                (
                    "speed",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="km/h"
                    ),
                ),
                (
                    "duration",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="s"
                    ),
                ),
                (
                    "capacity",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="riders/h"
                    ),
                ),
                (
                    "material",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("steel", "Steel"),
                            ("wood", "Wood"),
                            ("hybrid", "Hybrid"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "seating",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("sit-down", "Sit-down"),
                            ("inverted", "Inverted"),
                            ("suspended", "Suspended"),
                            ("floorless", "Floorless"),
                            ("wing", "Wing"),
                            ("flying", "Flying"),
                            ("stand-up", "Stand-up"),
                            ("spinning", "Spinning"),
                            ("4d", "4th dimension"),
                            ("bobsled", "Bobsled"),
                            ("pipeline", "Pipeline"),
                            ("single-rail", "Single rail"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                    ),
                ),
                ("layout", models.CharField(blank=True, max_length=200)),
                (
                    "launches",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, verbose_name="lift or launch"
                    ),
                ),
                ("inversions", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "vertical_angle",
                    versioning.fields.columns.QuantityField(
                        blank=True,
                        null=True,
                        sort_column=False,
                        unit="°",
                        verbose_name="steepest drop",
                    ),
                ),
                (
                    "g_force",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="g", verbose_name="g-force"
                    ),
                ),
                ("acceleration", models.CharField(blank=True, max_length=200)),
                ("tracks", versioning.fields.items.ItemsField(blank=True, default=list)),
                (
                    "train_count",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="trains"),
                ),
                (
                    "cars",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="cars a train"
                    ),
                ),
                (
                    "rows",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="rows a car"
                    ),
                ),
                (
                    "seats",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="seats a row"
                    ),
                ),
                (
                    "trains",
                    models.CharField(blank=True, max_length=200, verbose_name="about the trains"),
                ),
                ("restraints", models.CharField(blank=True, max_length=200)),
                (
                    "splash",
                    models.CharField(
                        blank=True,
                        help_text="How wet, and by what: a drop, a wave, guns.",
                        max_length=100,
                    ),
                ),
                ("boats", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("seats_a_boat", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "system",
                    models.CharField(blank=True, max_length=200, verbose_name="ride system"),
                ),
                ("vehicles", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("seats_a_vehicle", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("scenes", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("trackless", models.BooleanField(blank=True, null=True)),
                (
                    "motion",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("rotating", "Rotating"),
                            ("swinging", "Swinging"),
                            ("pendulum", "Pendulum"),
                            ("dropping", "Dropping"),
                            ("free-fall", "Free fall"),
                            ("observation", "Observation"),
                            ("mixed", "Mixed"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "swing_angle",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="°"
                    ),
                ),
                ("gondolas", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("seats_a_gondola", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("stations", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "line_length",
                    versioning.fields.columns.QuantityField(
                        blank=True,
                        null=True,
                        sort_column=False,
                        unit="km",
                        verbose_name="length of the line",
                    ),
                ),
                (
                    "gauge",
                    versioning.fields.columns.QuantityField(
                        blank=True, null=True, sort_column=False, unit="mm"
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("roller-coaster", "Roller coaster"),
                            ("water", "Water ride"),
                            ("dark", "Dark ride"),
                            ("flat", "Flat ride"),
                            ("transport", "Transport"),
                            ("show", "Show"),
                            ("playground", "Playground"),
                            ("walkthrough", "Walkthrough"),
                            ("other", "Other"),
                        ],
                        default="roller-coaster",
                        max_length=20,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("announced", "Announced"),
                            ("planned", "Planned"),
                            ("under-construction", "Under construction"),
                            ("operating", "Operating"),
                            ("closed-for-now", "Closed for now"),
                            ("standing", "Standing but not operating"),
                            ("closed", "Closed"),
                            ("relocated", "Relocated"),
                            ("removed", "Removed"),
                            ("unknown", "Unknown"),
                        ],
                        default="unknown",
                        max_length=20,
                    ),
                ),
                (
                    "statuses",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, verbose_name="earlier statuses"
                    ),
                ),
                (
                    "opened",
                    versioning.fields.columns.PartialDateField(
                        blank=True, null=True, sort_column=False
                    ),
                ),
                (
                    "soft_opened",
                    versioning.fields.columns.PartialDateField(
                        blank=True, null=True, sort_column=False, verbose_name="soft opening"
                    ),
                ),
                (
                    "closed",
                    versioning.fields.columns.PartialDateField(
                        blank=True, null=True, sort_column=False
                    ),
                ),
                ("theme", models.CharField(blank=True, max_length=200)),
                (
                    "building_cost",
                    versioning.fields.columns.MoneyField(
                        blank=True, null=True, verbose_name="cost"
                    ),
                ),
                (
                    "replaces",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, verbose_name="built in place of"
                    ),
                ),
                (
                    "replaced_with",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, verbose_name="made way for"
                    ),
                ),
                (
                    "rider_height",
                    versioning.fields.columns.QuantityField(
                        blank=True,
                        null=True,
                        sort_column=False,
                        unit="cm",
                        verbose_name="rider height",
                    ),
                ),
                (
                    "rider_height_accompanied",
                    versioning.fields.columns.QuantityField(
                        blank=True,
                        null=True,
                        sort_column=False,
                        unit="cm",
                        verbose_name="rider height, accompanied",
                    ),
                ),
                (
                    "queue_pass",
                    models.CharField(blank=True, max_length=100, verbose_name="fast pass"),
                ),
                (
                    "single_riders",
                    models.BooleanField(
                        blank=True, null=True, verbose_name="line for single riders"
                    ),
                ),
                ("virtual_queue", models.BooleanField(blank=True, null=True)),
                (
                    "wheelchair_transfer",
                    models.BooleanField(
                        blank=True, null=True, verbose_name="riders must leave their wheelchair"
                    ),
                ),
                ("accessibility", models.CharField(blank=True, max_length=300)),
                ("coordinates", versioning.fields.columns.CoordinatesField(blank=True, null=True)),
                ("milestones", versioning.fields.items.ItemsField(blank=True, default=list)),
                (
                    "opened_from",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.FirstDay("opened"),
                        null=True,
                        output_field=models.DateField(),
                    ),
                ),
                (
                    "soft_opened_from",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.FirstDay("soft_opened"),
                        null=True,
                        output_field=models.DateField(),
                    ),
                ),
                (
                    "closed_from",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.FirstDay("closed"),
                        null=True,
                        output_field=models.DateField(),
                    ),
                ),
                (
                    "rider_height_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "rider_height",
                            {
                                "cm": "0.01",
                                "ft": "0.3048",
                                "in": "0.0254",
                                "km": "1000",
                                "m": "1",
                                "mi": "1609.344",
                                "mm": "0.001",
                                "yd": "0.9144",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "rider_height_accompanied_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "rider_height_accompanied",
                            {
                                "cm": "0.01",
                                "ft": "0.3048",
                                "in": "0.0254",
                                "km": "1000",
                                "m": "1",
                                "mi": "1609.344",
                                "mm": "0.001",
                                "yd": "0.9144",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "height_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "height",
                            {
                                "cm": "0.01",
                                "ft": "0.3048",
                                "in": "0.0254",
                                "km": "1000",
                                "m": "1",
                                "mi": "1609.344",
                                "mm": "0.001",
                                "yd": "0.9144",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "drop_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "drop",
                            {
                                "cm": "0.01",
                                "ft": "0.3048",
                                "in": "0.0254",
                                "km": "1000",
                                "m": "1",
                                "mi": "1609.344",
                                "mm": "0.001",
                                "yd": "0.9144",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "length_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "length",
                            {
                                "cm": "0.01",
                                "ft": "0.3048",
                                "in": "0.0254",
                                "km": "1000",
                                "m": "1",
                                "mi": "1609.344",
                                "mm": "0.001",
                                "yd": "0.9144",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "speed_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "speed",
                            {
                                "km/h": "0.2777777777777777777777777778",
                                "m/s": "1",
                                "mph": "0.44704",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "duration_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "duration", {"h": "3600", "min": "60", "s": "1"}
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "capacity_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "capacity", {"riders/h": "1"}
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "vertical_angle_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "vertical_angle", {"°": "1"}
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "g_force_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit("g_force", {"g": "1"}),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "swing_angle_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit("swing_angle", {"°": "1"}),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "line_length_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "line_length",
                            {
                                "cm": "0.01",
                                "ft": "0.3048",
                                "in": "0.0254",
                                "km": "1000",
                                "m": "1",
                                "mi": "1609.344",
                                "mm": "0.001",
                                "yd": "0.9144",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "gauge_si",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.InBaseUnit(
                            "gauge",
                            {
                                "cm": "0.01",
                                "ft": "0.3048",
                                "in": "0.0254",
                                "km": "1000",
                                "m": "1",
                                "mi": "1609.344",
                                "mm": "0.001",
                                "yd": "0.9144",
                            },
                        ),
                        null=True,
                        output_field=models.DecimalField(decimal_places=6, max_digits=20),
                    ),
                ),
                (
                    "other_makers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list
                    ),
                ),
                (
                    "designers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list
                    ),
                ),
                (
                    "people",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="wiki.parkarea",
                    ),
                ),
                (
                    "manufacturer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="wiki.company",
                    ),
                ),
                (
                    "model",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="wiki.ridemodel",
                    ),
                ),
                (
                    "moved_from",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="wiki.ride",
                    ),
                ),
                (
                    "park",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="wiki.park",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a ride",
                "db_table": "wiki_rideversion",
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        fields=["branch_number", "valid_from"],
                        name="wiki_rideve_branch__a777f6_idx",
                    ),
                    models.Index(
                        fields=["slug", "branch_number", "valid_from"],
                        name="wiki_rideve_slug_d6f917_idx",
                    ),
                    models.Index(
                        fields=["inversions", "branch_number", "valid_from"],
                        name="wiki_rideve_inversi_cad6cb_idx",
                    ),
                    models.Index(
                        fields=["park", "branch_number", "valid_from"],
                        name="wiki_rideve_park_id_3c6e43_idx",
                    ),
                    models.Index(
                        fields=["area", "branch_number", "valid_from"],
                        name="wiki_rideve_area_id_020223_idx",
                    ),
                    models.Index(
                        fields=["manufacturer", "branch_number", "valid_from"],
                        name="wiki_rideve_manufac_33dacc_idx",
                    ),
                    models.Index(
                        fields=["model", "branch_number", "valid_from"],
                        name="wiki_rideve_model_i_4793f9_idx",
                    ),
                    models.Index(
                        fields=["moved_from", "branch_number", "valid_from"],
                        name="wiki_rideve_moved_f_1eefb6_idx",
                    ),
                    models.Index(
                        fields=["opened_from", "branch_number", "valid_from"],
                        name="wiki_rideve_opened__97974f_idx",
                    ),
                    models.Index(
                        fields=["height_si", "branch_number", "valid_from"],
                        name="wiki_rideve_height__674f45_idx",
                    ),
                    models.Index(
                        fields=["drop_si", "branch_number", "valid_from"],
                        name="wiki_rideve_drop_si_dccb0c_idx",
                    ),
                    models.Index(
                        fields=["length_si", "branch_number", "valid_from"],
                        name="wiki_rideve_length__c8b6c1_idx",
                    ),
                    models.Index(
                        fields=["speed_si", "branch_number", "valid_from"],
                        name="wiki_rideve_speed_s_447496_idx",
                    ),
                    models.Index(
                        fields=["duration_si", "branch_number", "valid_from"],
                        name="wiki_rideve_duratio_a1854c_idx",
                    ),
                    models.Index(
                        fields=["capacity_si", "branch_number", "valid_from"],
                        name="wiki_rideve_capacit_0a8a2b_idx",
                    ),
                    models.Index(
                        fields=["vertical_angle_si", "branch_number", "valid_from"],
                        name="wiki_rideve_vertica_4213b5_idx",
                    ),
                    models.Index(
                        fields=["g_force_si", "branch_number", "valid_from"],
                        name="wiki_rideve_g_force_749f1d_idx",
                    ),
                    models.Index(
                        fields=["name", "entity_id", "branch_number", "valid_from"],
                        name="wiki_rideve_name_dd7cc4_idx",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["called"], name="wiki_ride_called_v"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["links"], name="wiki_ride_links_v"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("replaces", []), _negated=True),
                        fields=["replaces"],
                        name="wiki_ride_replaces_v",
                        opclasses=["jsonb_path_ops"],
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("replaced_with", []), _negated=True),
                        fields=["replaced_with"],
                        name="wiki_ride_replaced_with_v",
                        opclasses=["jsonb_path_ops"],
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("citations", []), _negated=True),
                        fields=["citations"],
                        name="wiki_ride_citations_v",
                        opclasses=["jsonb_path_ops"],
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("tracks", []), _negated=True),
                        fields=["tracks"],
                        name="wiki_ride_tracks_v",
                        opclasses=["jsonb_path_ops"],
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=versioning.entities.historical.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("version", models.IntegerField(default=0, editable=False)),
                ("on_branch", models.IntegerField(default=1, editable=False)),
                (
                    "slug",
                    models.SlugField(
                        help_text="The last part of the page's address: lower-case.",
                        max_length=120,
                        verbose_name="address",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "names",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, verbose_name="other names"
                    ),
                ),
                (
                    "body",
                    models.TextField(
                        blank=True,
                        help_text="What there is to tell, in Markdown.",
                        max_length=200000,
                    ),
                ),
                (
                    "called",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "links",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.link_column.LinksIn("body"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "citations",
                    versioning.fields.items.ItemsField(
                        blank=True,
                        default=list,
                        help_text="Where a fact comes from: its field, and the page of the source.",
                    ),
                ),
                ("publisher", models.CharField(blank=True, max_length=200)),
                ("author", models.CharField(blank=True, max_length=200)),
                (
                    "address",
                    models.URLField(blank=True, max_length=500, verbose_name="web address"),
                ),
                (
                    "published",
                    versioning.fields.columns.PartialDateField(
                        blank=True, null=True, sort_column=False
                    ),
                ),
                (
                    "read_on",
                    versioning.fields.columns.PartialDateField(
                        blank=True, null=True, sort_column=False, verbose_name="read on"
                    ),
                ),
                (
                    "archived",
                    models.URLField(blank=True, max_length=500, verbose_name="archived copy"),
                ),
                (
                    "published_from",
                    models.GeneratedField(
                        db_index=True,
                        db_persist=True,
                        expression=versioning.fields.sorting.FirstDay("published"),
                        null=True,
                        output_field=models.DateField(),
                    ),
                ),
                (
                    "read_on_from",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.FirstDay("read_on"),
                        null=True,
                        output_field=models.DateField(),
                    ),
                ),
            ],
            options={
                "ordering": ("name", "id"),
                "indexes": [
                    models.Index(fields=["name", "id"], name="wiki_source_name"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["called"], name="wiki_source_called"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["links"], name="wiki_source_links"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("citations", []), _negated=True),
                        fields=["citations"],
                        name="wiki_source_citations",
                        opclasses=["jsonb_path_ops"],
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("slug",),
                        name="wiki_source_slug",
                        violation_error_message="Another page has this address already. Choose another one.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SourceVersion",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entity_id",
                        "branch_number",
                        "valid_from",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("entity_id", models.UUIDField()),
                ("branch_number", models.IntegerField()),
                ("valid_from", models.BigIntegerField()),
                ("valid_to", models.BigIntegerField(default=9223372036854775807)),
                ("version", models.IntegerField()),
                ("deleted", models.BooleanField(default=False)),
                (
                    "slug",
                    models.SlugField(
                        db_index=False,
                        help_text="The last part of the page's address: lower-case.",
                        max_length=120,
                        verbose_name="address",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "names",
                    versioning.fields.items.ItemsField(
                        blank=True, default=list, verbose_name="other names"
                    ),
                ),
                (
                    "body",
                    models.TextField(
                        blank=True,
                        help_text="What there is to tell, in Markdown.",
                        max_length=200000,
                    ),
                ),
                (
                    "called",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "links",
                    models.GeneratedField(
                        db_persist=True,
                        expression=wiki.pages.link_column.LinksIn("body"),
                        output_field=django.contrib.postgres.fields.ArrayField(
                            base_field=models.TextField()
                        ),
                    ),
                ),
                (
                    "citations",
                    versioning.fields.items.ItemsField(
                        blank=True,
                        default=list,
                        help_text="Where a fact comes from: its field, and the page of the source.",
                    ),
                ),
                ("publisher", models.CharField(blank=True, max_length=200)),
                ("author", models.CharField(blank=True, max_length=200)),
                (
                    "address",
                    models.URLField(blank=True, max_length=500, verbose_name="web address"),
                ),
                (
                    "published",
                    versioning.fields.columns.PartialDateField(
                        blank=True, null=True, sort_column=False
                    ),
                ),
                (
                    "read_on",
                    versioning.fields.columns.PartialDateField(
                        blank=True, null=True, sort_column=False, verbose_name="read on"
                    ),
                ),
                (
                    "archived",
                    models.URLField(blank=True, max_length=500, verbose_name="archived copy"),
                ),
                (
                    "published_from",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.FirstDay("published"),
                        null=True,
                        output_field=models.DateField(),
                    ),
                ),
                (
                    "read_on_from",
                    models.GeneratedField(
                        db_persist=True,
                        expression=versioning.fields.sorting.FirstDay("read_on"),
                        null=True,
                        output_field=models.DateField(),
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a source",
                "db_table": "wiki_sourceversion",
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        fields=["branch_number", "valid_from"],
                        name="wiki_source_branch__54d05c_idx",
                    ),
                    models.Index(
                        fields=["slug", "branch_number", "valid_from"],
                        name="wiki_source_slug_2fe9d5_idx",
                    ),
                    models.Index(
                        fields=["published_from", "branch_number", "valid_from"],
                        name="wiki_source_publish_5e3773_idx",
                    ),
                    models.Index(
                        fields=["name", "entity_id", "branch_number", "valid_from"],
                        name="wiki_source_name_52a192_idx",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["called"], name="wiki_source_called_v"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["links"], name="wiki_source_links_v"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("citations", []), _negated=True),
                        fields=["citations"],
                        name="wiki_source_citations_v",
                        opclasses=["jsonb_path_ops"],
                    ),
                ],
            },
        ),
    ]
