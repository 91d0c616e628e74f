"""What is run by hand or by a test on the sources themselves: ``python -m tools.catalogs`` keeps the translations.

Nothing of the product imports this, and the image has none of it.
"""
