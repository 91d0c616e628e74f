"""What was said before is within the lengths of 0024 as well; looked at without holding up whoever writes."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('engage', '0024_long_texts'),
    ]

    operations = [
        ValidateConstraint(model_name='contribution', name='contribution_body_length'),
        ValidateConstraint(model_name='contribution', name='contribution_answer_length'),
    ]
