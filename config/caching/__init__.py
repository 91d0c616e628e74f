"""The cache as the settings name it: patient with a server that hangs, and the home of a day's counters.

``patient_cache`` is the backend of CACHES; ``day_cells`` is handed to ``engage`` when the app starts.
"""
