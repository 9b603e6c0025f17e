"""The pieces every room uses to describe what travels over HTTP."""
