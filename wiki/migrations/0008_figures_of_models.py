import django.contrib.postgres.indexes
from django.db import migrations, models

import versioning.fields.columns
import versioning.fields.items
import versioning.fields.sorting


class Migration(migrations.Migration):
    dependencies = [
        ("wiki", "0007_index_more_orders"),
    ]

    operations = [
        migrations.AddField(
            model_name="ridemodel",
            name="acceleration",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="boats",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="cars",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="cars a train"
            ),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="g_force",
            field=versioning.fields.columns.QuantityField(
                blank=True, null=True, sort_column=False, unit="g", verbose_name="g-force"
            ),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="g_force_si",
            field=models.GeneratedField(
                db_index=True,
                db_persist=True,
                expression=versioning.fields.sorting.InBaseUnit("g_force", {"g": "1"}),
                null=True,
                output_field=models.DecimalField(decimal_places=6, max_digits=20),
            ),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="gauge",
            field=versioning.fields.columns.QuantityField(
                blank=True, null=True, sort_column=False, unit="mm"
            ),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="gauge_si",
            field=models.GeneratedField(
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
        migrations.AddField(
            model_name="ridemodel",
            name="gondolas",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="inversions",
            field=models.PositiveIntegerField(blank=True, db_index=True, null=True),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="launches",
            field=versioning.fields.items.ItemsField(
                blank=True, default=list, verbose_name="lift or launch"
            ),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="layout",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="line_length",
            field=versioning.fields.columns.QuantityField(
                blank=True,
                null=True,
                sort_column=False,
                unit="km",
                verbose_name="length of the line",
            ),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="line_length_si",
            field=models.GeneratedField(
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
        migrations.AddField(
            model_name="ridemodel",
            name="material",
            field=models.CharField(
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
        migrations.AddField(
            model_name="ridemodel",
            name="motion",
            field=models.CharField(
                blank=True,
                choices=[
                    ("rotating", "Rotating"),
                    ("swinging", "Swinging"),
                    ("pendulum", "Pendulum"),
                    ("dropping", "Dropping"),
                    ("free-fall", "free fall"),
                    ("observation", "Observation"),
                    ("mixed", "Mixed"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="restraints",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="rows",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="rows a car"
            ),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="scenes",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="seating",
            field=models.CharField(
                blank=True,
                choices=[
                    ("sit-down", "sit-down"),
                    ("inverted", "Inverted"),
                    ("suspended", "Suspended"),
                    ("floorless", "Floorless"),
                    ("wing", "Wing"),
                    ("flying", "Flying"),
                    ("stand-up", "stand-up"),
                    ("spinning", "Spinning"),
                    ("4d", "4th dimension"),
                    ("bobsled", "Bobsled"),
                    ("pipeline", "Pipeline"),
                    ("single-rail", "single rail"),
                    ("other", "Other"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="seats",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="seats a row"
            ),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="seats_a_boat",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="seats_a_gondola",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="seats_a_vehicle",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="splash",
            field=models.CharField(
                blank=True, help_text="How wet, and by what: a drop, a wave, guns.", max_length=100
            ),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="stations",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="swing_angle",
            field=versioning.fields.columns.QuantityField(
                blank=True, null=True, sort_column=False, unit="°"
            ),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="swing_angle_si",
            field=models.GeneratedField(
                db_persist=True,
                expression=versioning.fields.sorting.InBaseUnit("swing_angle", {"°": "1"}),
                null=True,
                output_field=models.DecimalField(decimal_places=6, max_digits=20),
            ),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="system",
            field=models.CharField(blank=True, max_length=200, verbose_name="ride system"),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="trackless",
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="tracks",
            field=versioning.fields.items.ItemsField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="train_count",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="trains"),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="trains",
            field=models.CharField(blank=True, max_length=200, verbose_name="about the trains"),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="vehicles",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="vertical_angle",
            field=versioning.fields.columns.QuantityField(
                blank=True, null=True, sort_column=False, unit="°", verbose_name="steepest drop"
            ),
        ),
        migrations.AddField(
            model_name="ridemodel",
            name="vertical_angle_si",
            field=models.GeneratedField(
                db_index=True,
                db_persist=True,
                expression=versioning.fields.sorting.InBaseUnit("vertical_angle", {"°": "1"}),
                null=True,
                output_field=models.DecimalField(decimal_places=6, max_digits=20),
            ),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="acceleration",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="boats",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="cars",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="cars a train"
            ),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="g_force",
            field=versioning.fields.columns.QuantityField(
                blank=True, null=True, sort_column=False, unit="g", verbose_name="g-force"
            ),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="g_force_si",
            field=models.GeneratedField(
                db_persist=True,
                expression=versioning.fields.sorting.InBaseUnit("g_force", {"g": "1"}),
                null=True,
                output_field=models.DecimalField(decimal_places=6, max_digits=20),
            ),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="gauge",
            field=versioning.fields.columns.QuantityField(
                blank=True, null=True, sort_column=False, unit="mm"
            ),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="gauge_si",
            field=models.GeneratedField(
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
        migrations.AddField(
            model_name="ridemodelversion",
            name="gondolas",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="inversions",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="launches",
            field=versioning.fields.items.ItemsField(
                blank=True, default=list, verbose_name="lift or launch"
            ),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="layout",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="line_length",
            field=versioning.fields.columns.QuantityField(
                blank=True,
                null=True,
                sort_column=False,
                unit="km",
                verbose_name="length of the line",
            ),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="line_length_si",
            field=models.GeneratedField(
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
        migrations.AddField(
            model_name="ridemodelversion",
            name="material",
            field=models.CharField(
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
        migrations.AddField(
            model_name="ridemodelversion",
            name="motion",
            field=models.CharField(
                blank=True,
                choices=[
                    ("rotating", "Rotating"),
                    ("swinging", "Swinging"),
                    ("pendulum", "Pendulum"),
                    ("dropping", "Dropping"),
                    ("free-fall", "free fall"),
                    ("observation", "Observation"),
                    ("mixed", "Mixed"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="restraints",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="rows",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="rows a car"
            ),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="scenes",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="seating",
            field=models.CharField(
                blank=True,
                choices=[
                    ("sit-down", "sit-down"),
                    ("inverted", "Inverted"),
                    ("suspended", "Suspended"),
                    ("floorless", "Floorless"),
                    ("wing", "Wing"),
                    ("flying", "Flying"),
                    ("stand-up", "stand-up"),
                    ("spinning", "Spinning"),
                    ("4d", "4th dimension"),
                    ("bobsled", "Bobsled"),
                    ("pipeline", "Pipeline"),
                    ("single-rail", "single rail"),
                    ("other", "Other"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="seats",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="seats a row"
            ),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="seats_a_boat",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="seats_a_gondola",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="seats_a_vehicle",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="splash",
            field=models.CharField(
                blank=True, help_text="How wet, and by what: a drop, a wave, guns.", max_length=100
            ),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="stations",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="swing_angle",
            field=versioning.fields.columns.QuantityField(
                blank=True, null=True, sort_column=False, unit="°"
            ),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="swing_angle_si",
            field=models.GeneratedField(
                db_persist=True,
                expression=versioning.fields.sorting.InBaseUnit("swing_angle", {"°": "1"}),
                null=True,
                output_field=models.DecimalField(decimal_places=6, max_digits=20),
            ),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="system",
            field=models.CharField(blank=True, max_length=200, verbose_name="ride system"),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="trackless",
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="tracks",
            field=versioning.fields.items.ItemsField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="train_count",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="trains"),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="trains",
            field=models.CharField(blank=True, max_length=200, verbose_name="about the trains"),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="vehicles",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="vertical_angle",
            field=versioning.fields.columns.QuantityField(
                blank=True, null=True, sort_column=False, unit="°", verbose_name="steepest drop"
            ),
        ),
        migrations.AddField(
            model_name="ridemodelversion",
            name="vertical_angle_si",
            field=models.GeneratedField(
                db_persist=True,
                expression=versioning.fields.sorting.InBaseUnit("vertical_angle", {"°": "1"}),
                null=True,
                output_field=models.DecimalField(decimal_places=6, max_digits=20),
            ),
        ),
        migrations.AddIndex(
            model_name="ridemodel",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("tracks", []), _negated=True),
                fields=["tracks"],
                name="wiki_ridemodel_tracks",
                opclasses=["jsonb_path_ops"],
            ),
        ),
        migrations.AddIndex(
            model_name="ridemodelversion",
            index=models.Index(
                fields=["inversions", "branch_number", "valid_from"],
                name="wiki_ridemo_inversi_5476f7_idx",
            ),
        ),
        migrations.AddIndex(
            model_name="ridemodelversion",
            index=models.Index(
                fields=["vertical_angle_si", "branch_number", "valid_from"],
                name="wiki_ridemo_vertica_d04ff9_idx",
            ),
        ),
        migrations.AddIndex(
            model_name="ridemodelversion",
            index=models.Index(
                fields=["g_force_si", "branch_number", "valid_from"],
                name="wiki_ridemo_g_force_acd4cf_idx",
            ),
        ),
        migrations.AddIndex(
            model_name="ridemodelversion",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("tracks", []), _negated=True),
                fields=["tracks"],
                name="wiki_ridemodel_tracks_v",
                opclasses=["jsonb_path_ops"],
            ),
        ),
    ]
