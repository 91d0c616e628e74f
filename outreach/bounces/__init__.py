"""Letters that come back: read from where they are collected, so that nobody is written to at a dead address.

Each letter leaves with a return address of its own (VERP), where ``BOUNCE_ADDRESS`` names one; a report (RFC 3464) that
comes back to it says which letter, and a keyed mark in it that the report is no invention. Outsiders use
``return_addresses`` (return_address), ``reading`` (read_bounces, take, Taken) and ``boxes`` (where they are collected).
"""
