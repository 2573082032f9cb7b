"""Which resume an application sends: a storage path, an S3 key or an address to download it from."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0005_callback_fields")]

    operations = [migrations.AddField("job", "resume_ref", models.JSONField(blank=True, null=True))]
