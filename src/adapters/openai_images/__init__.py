"""Image models that speak the OpenAI Images API: OpenAI itself, Azure, and servers of one's own.

``model`` has the adapter, ``options`` and ``presets`` what it is told; those two import nothing
heavy, since every command reads its settings.
"""
