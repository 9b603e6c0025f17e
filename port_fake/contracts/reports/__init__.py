"""Reports of what came of the questions: for a terminal, a browser, a CI and a program.

All are pure: findings in, text out. Nothing here asks, waits or writes a file.
"""
