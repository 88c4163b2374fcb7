"""The Git host: pull requests, reviews, statuses, and the one push to main.

``interface.py`` says what every host must do, one adapter for each of them. Here also stands the
hook of the embedded host, which is to it what branch protection is to the others. Nothing here
decides whether a change is good.
"""
