"""The folder of a new model, as text: what ``turnpike new`` writes for a team to edit.

Pure: an organisation and a name in, files out. A scaffold parses and trains as it stands.
"""
