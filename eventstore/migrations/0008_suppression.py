from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("eventstore", "0007_clocks")]

    operations = [
        migrations.AlterField(
            model_name="changeset",
            name="kind",
            field=models.TextField(
                choices=[
                    ("edit", "Edit"),
                    ("fork", "Fork"),
                    ("sync", "Sync"),
                    ("merge", "Merge"),
                    ("revert", "Revert"),
                    ("import", "Import"),
                    ("branch", "change of a branch"),
                    ("schema", "change of what fields mean"),
                    ("suppression", "hiding of versions"),
                ]
            ),
        ),
        migrations.CreateModel(
            name="SuppressedChangeset",
            fields=[("changeset_id", models.BigIntegerField(primary_key=True, serialize=False))],
            options={"default_permissions": ()},
        ),
        # The columns keep their names.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("changeset", "message", "recorded_message"),
                migrations.RenameField("changeset", "details", "recorded_details"),
                migrations.AlterField(
                    "changeset", "recorded_message", models.TextField(db_column="message")
                ),
                migrations.AlterField(
                    "changeset",
                    "recorded_details",
                    models.TextField(db_column="details", default="{}"),
                ),
            ]
        ),
    ]
