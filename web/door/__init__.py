"""The door of an event: who is here.

``doorway`` knows who stands there (a device with a door link's cookie, or staff); ``page`` and ``screen`` show,
``arriving`` and ``heads`` change; ``opening`` opens a door and leaves it; ``links`` makes the devices' links, at the
desk. Nobody imports this room but ``web.urls``.
"""
