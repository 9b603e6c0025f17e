"""Stories that the fake tells over HTTP, to be recorded: each pins down one part of the API.

A story begins with an empty organisation and furnishes it over the API itself.
"""
