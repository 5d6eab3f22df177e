from pathlib import Path

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

import wiki.pages.name_column
from eventstore.sqlfiles import run_sql_file

SQL = Path(__file__).parent.parent / "sql" / "called.sql"


class Migration(migrations.Migration):
    dependencies = [
        ("wiki", "0004_search_follows_the_log"),
    ]

    operations = [
        run_sql_file(
            SQL,
            undo="DROP FUNCTION wiki_called(text, text, jsonb); DROP FUNCTION wiki_called(text);"
            " DROP FUNCTION wiki_letters",
        ),
        migrations.AddField(
            model_name="article",
            name="called",
            field=models.GeneratedField(
                db_persist=True,
                expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                output_field=django.contrib.postgres.fields.ArrayField(
                    base_field=models.TextField()
                ),
            ),
        ),
        migrations.AddField(
            model_name="articleversion",
            name="called",
            field=models.GeneratedField(
                db_persist=True,
                expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                output_field=django.contrib.postgres.fields.ArrayField(
                    base_field=models.TextField()
                ),
            ),
        ),
        migrations.AddField(
            model_name="company",
            name="called",
            field=models.GeneratedField(
                db_persist=True,
                expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                output_field=django.contrib.postgres.fields.ArrayField(
                    base_field=models.TextField()
                ),
            ),
        ),
        migrations.AddField(
            model_name="companyversion",
            name="called",
            field=models.GeneratedField(
                db_persist=True,
                expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                output_field=django.contrib.postgres.fields.ArrayField(
                    base_field=models.TextField()
                ),
            ),
        ),
        migrations.AddField(
            model_name="element",
            name="called",
            field=models.GeneratedField(
                db_persist=True,
                expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                output_field=django.contrib.postgres.fields.ArrayField(
                    base_field=models.TextField()
                ),
            ),
        ),
        migrations.AddField(
            model_name="elementversion",
            name="called",
            field=models.GeneratedField(
                db_persist=True,
                expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                output_field=django.contrib.postgres.fields.ArrayField(
                    base_field=models.TextField()
                ),
            ),
        ),
        migrations.AddField(
            model_name="park",
            name="called",
            field=models.GeneratedField(
                db_persist=True,
                expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                output_field=django.contrib.postgres.fields.ArrayField(
                    base_field=models.TextField()
                ),
            ),
        ),
        migrations.AddField(
            model_name="parkarea",
            name="called",
            field=models.GeneratedField(
                db_persist=True,
                expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                output_field=django.contrib.postgres.fields.ArrayField(
                    base_field=models.TextField()
                ),
            ),
        ),
        migrations.AddField(
            model_name="parkareaversion",
            name="called",
            field=models.GeneratedField(
                db_persist=True,
                expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                output_field=django.contrib.postgres.fields.ArrayField(
                    base_field=models.TextField()
                ),
            ),
        ),
        migrations.AddField(
            model_name="parkversion",
            name="called",
            field=models.GeneratedField(
                db_persist=True,
                expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                output_field=django.contrib.postgres.fields.ArrayField(
                    base_field=models.TextField()
                ),
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="called",
            field=models.GeneratedField(
                db_persist=True,
                expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                output_field=django.contrib.postgres.fields.ArrayField(
                    base_field=models.TextField()
                ),
            ),
        ),
        migrations.AddField(
            model_name="personversion",
            name="called",
            field=models.GeneratedField(
                db_persist=True,
                expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                output_field=django.contrib.postgres.fields.ArrayField(
                    base_field=models.TextField()
                ),
            ),
        ),
        migrations.AddField(
            model_name="ride",
            name="called",
            field=models.GeneratedField(
                db_persist=True,
                expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                output_field=django.contrib.postgres.fields.ArrayField(
                    base_field=models.TextField()
                ),
            ),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="called",
            field=models.GeneratedField(
                db_persist=True,
                expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                output_field=django.contrib.postgres.fields.ArrayField(
                    base_field=models.TextField()
                ),
            ),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="called",
            field=models.GeneratedField(
                db_persist=True,
                expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                output_field=django.contrib.postgres.fields.ArrayField(
                    base_field=models.TextField()
                ),
            ),
        ),
        migrations.AddField(
            model_name="rideversion",
            name="called",
            field=models.GeneratedField(
                db_persist=True,
                expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                output_field=django.contrib.postgres.fields.ArrayField(
                    base_field=models.TextField()
                ),
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="called",
            field=models.GeneratedField(
                db_persist=True,
                expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                output_field=django.contrib.postgres.fields.ArrayField(
                    base_field=models.TextField()
                ),
            ),
        ),
        migrations.AddField(
            model_name="sourceversion",
            name="called",
            field=models.GeneratedField(
                db_persist=True,
                expression=wiki.pages.name_column.CalledIn("slug", "name", "names"),
                output_field=django.contrib.postgres.fields.ArrayField(
                    base_field=models.TextField()
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["called"], name="wiki_article_called"
            ),
        ),
        migrations.AddIndex(
            model_name="articleversion",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["called"], name="wiki_article_called_v"
            ),
        ),
        migrations.AddIndex(
            model_name="company",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["called"], name="wiki_company_called"
            ),
        ),
        migrations.AddIndex(
            model_name="companyversion",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["called"], name="wiki_company_called_v"
            ),
        ),
        migrations.AddIndex(
            model_name="element",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["called"], name="wiki_element_called"
            ),
        ),
        migrations.AddIndex(
            model_name="elementversion",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["called"], name="wiki_element_called_v"
            ),
        ),
        migrations.AddIndex(
            model_name="park",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["called"], name="wiki_park_called"
            ),
        ),
        migrations.AddIndex(
            model_name="parkarea",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["called"], name="wiki_parkarea_called"
            ),
        ),
        migrations.AddIndex(
            model_name="parkareaversion",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["called"], name="wiki_parkarea_called_v"
            ),
        ),
        migrations.AddIndex(
            model_name="parkversion",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["called"], name="wiki_park_called_v"
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["called"], name="wiki_person_called"
            ),
        ),
        migrations.AddIndex(
            model_name="personversion",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["called"], name="wiki_person_called_v"
            ),
        ),
        migrations.AddIndex(
            model_name="ride",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["called"], name="wiki_ride_called"
            ),
        ),
        migrations.AddIndex(
            model_name="ridemodel",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["called"], name="wiki_ridemodel_called"
            ),
        ),
        migrations.AddIndex(
            model_name="ridemodelversion",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["called"], name="wiki_ridemodel_called_v"
            ),
        ),
        migrations.AddIndex(
            model_name="rideversion",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["called"], name="wiki_ride_called_v"
            ),
        ),
        migrations.AddIndex(
            model_name="source",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["called"], name="wiki_source_called"
            ),
        ),
        migrations.AddIndex(
            model_name="sourceversion",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["called"], name="wiki_source_called_v"
            ),
        ),
    ]
