"""Counting what is done how often, in the cache and without a name of anybody's.

For outsiders: ``rates``: count, TooOften, allow, look, give_back, Verdict, network_of, client_network; ``client_address``:
address_of, whom a request comes from; ``day_sketch``: within_the_day, and keep_cells_in (the hook for what holds the cells, which config fills).
"""
