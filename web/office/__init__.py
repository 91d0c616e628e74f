"""Administration of an agency: settings, people, pledges, keys."""
