"""What the pages' styles, fonts and icons are made from is fetched here, and made here: python -m setup.assets."""
