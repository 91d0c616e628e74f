"""Between the network and Django: nobody's slow connection costs another client an answer.

Heads, bodies and answers move on an event loop, within limits of time and room; a thread is taken only for a request
that is there whole, and given back before its answer is sent. Here too is what answers where nothing else answered.
gunicorn and the settings name what they use: ``web_worker``, ``body_limiting``, ``crowded_threads``,
``trying_again``, ``error_answers``.
"""
