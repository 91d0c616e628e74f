"""What is asked before a process serves: settings that are fit, keys that are the database's own, roles without DDL.

From outside: ``refusing`` (end with one sentence), ``keys`` (are they those this database was written with?).
``deploy_checks`` and ``erasure_list`` are what ``check --deploy`` says; ``database_roles`` runs after migrating.
"""
