"""What every form has: the shape of its fields, its plain words, and what becomes of a rule's refusal. No rule of any subject.

From outside: ``refusals.TakesRefusals`` (a form that shows a refusal at its field), ``fields`` (the desk's fields,
each made in one line), ``kept_answers`` (a form sent twice is one act), ``origins`` (a form comes from our own
pages). ``drawing`` is the renderer that the settings name; ``plain_words`` is set when the app starts.
"""
