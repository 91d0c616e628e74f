"""Wanting to hear about something: asked for, confirmed by a link that only the address gets, ended at one click.

Outsiders use ``subscribing`` (subscribe, contribute_and_follow, confirm, choose_language, unsubscribe,
subscription_behind, is_there), ``one_click_unsubscribe`` (which stops an event's reminders, too) and the models. An address hears nothing before it has confirmed, nor after it stopped: what waits in the ledger is
taken back in the same transaction. Below it stands the ledger.
"""
