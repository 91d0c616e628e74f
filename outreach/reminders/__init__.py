"""Reminders: the rules of an agency or of one event, and the rows that fall due by them.

Outsiders use ``setting`` (add_rule, change_rule, end_rule), ``planning`` (plan_reminders, the worker's),
``reading`` (standing_rules, rules_of, reminder_times) and ``models`` (ReminderRule). A rule is planned once for an event and its
schedule version; an event's own rules replace its agency's. Below it stands the ledger.
"""
