"""Any job type may be stored; a worker claims the types it has handlers for."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("jobs", "0002_pickup_function")]

    operations = [migrations.RemoveConstraint(model_name="job", name="gh_jobs_job_type_known")]
